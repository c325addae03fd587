"""Write the sample report anew, and what the READMEs show of it: pictures and the first lines of the Summary.

    python reports/refresh.py

Run it after a change that moves a number or a word of the report; a test compares the sample.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import survey

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = "executive-survey-2026-reconstructed-report"
ENDINGS = (".xlsx", ".html", ".pptx")
DATA = "data/responses/executive-survey-2026-reconstructed.xlsx"


def main() -> None:
    """Refresh everything under reports/ that stays in git, dated as the survey: the same bytes again."""
    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime(2026, 4, 30, tzinfo=UTC).timestamp()))
    outputs = [word for ending in ENDINGS for word in ("-o", f"reports/{SAMPLE}{ending}")]
    subprocess.run([sys.executable, "-m", "survey", "analyze", DATA, *outputs], cwd=ROOT, check=True)
    (ROOT / "reports" / "pictures").mkdir(exist_ok=True)
    show_page(ROOT / "reports" / f"{SAMPLE}.html")
    responses = survey.read_responses(ROOT / DATA)
    titles = {sheet.name: sheet.title for sheet in survey.analyze(responses).sheets}
    shown = {"summary": titles["Summary"], "tables": titles["By model"]}
    show_sheets(ROOT / "reports" / f"{SAMPLE}.xlsx", shown)
    for lang, readme in (("en", "README.md"), ("zh", "README.zh.md")):
        summary = survey.analyze(responses, lang=lang).sheets[0]
        path = ROOT / readme
        quoted = "\n>\n".join(f"> {line}" for line in (summary.title, *summary.findings))
        text = re.sub(
            r"(<!-- summary:.*?-->\n).*?(<!-- /summary -->)",
            lambda found, quoted=quoted: f"{found[1]}\n{quoted}\n\n{found[2]}",
            path.read_text(encoding="utf-8"),
            flags=re.DOTALL,
        )
        path.write_text(text, encoding="utf-8")


def show_page(page: Path) -> None:
    """Take a picture of the page for the READMEs; without Chromium the one that is there stays."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("Chromium is not installed: reports/pictures/page.png stays as it is.")
        return
    target = ROOT / "reports" / "pictures" / "page.png"
    words = [
        "--headless",
        "--no-sandbox",
        "--hide-scrollbars",
        "--window-size=1180,900",
        f"--screenshot={target}",
    ]
    subprocess.run([chromium, *words, page.as_uri()], check=True, capture_output=True)


def show_sheets(workbook: Path, titles: dict[str, str]) -> None:
    """Take pictures of the printed pages with these titles, by name; without LibreOffice they stay."""
    office, printer, reader = (shutil.which(name) for name in ("soffice", "pdftoppm", "pdftotext"))
    if office is None or printer is None or reader is None:
        print("LibreOffice or poppler is not installed: pictures of sheets stay as they are.")
        return
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        words = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, workbook]
        subprocess.run(words, check=True, capture_output=True)
        printed = Path(folder) / f"{workbook.stem}.pdf"
        pages = subprocess.run(
            [reader, printed, "-"], check=True, capture_output=True, text=True
        ).stdout.split("\f")
        headings = [[line for line in page.splitlines() if line.strip()][:2] for page in pages]
        for name, title in titles.items():
            page = str(next(n for n, heading in enumerate(headings, start=1) if title in "\n".join(heading)))
            size = ["-png", "-r", "120", "-f", page, "-l", page, "-singlefile", "-W", "1330", "-H", "860"]
            subprocess.run([printer, *size, printed, ROOT / "reports" / "pictures" / name], check=True)


if __name__ == "__main__":
    main()
