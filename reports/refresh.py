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
    show_summary(ROOT / "reports" / f"{SAMPLE}.xlsx")
    responses = survey.read_responses(ROOT / DATA)
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


def show_summary(workbook: Path) -> None:
    """Take a picture of the first printed page of the workbook; without LibreOffice it stays as it is."""
    office, printer = shutil.which("soffice"), shutil.which("pdftoppm")
    if office is None or printer is None:
        print("LibreOffice or pdftoppm is not installed: reports/pictures/summary.png stays as it is.")
        return
    target = ROOT / "reports" / "pictures" / "summary"
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        words = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, workbook]
        subprocess.run(words, check=True, capture_output=True)
        printed = Path(folder) / f"{workbook.stem}.pdf"
        page = ["-png", "-r", "120", "-f", "1", "-l", "1", "-singlefile", "-W", "1330", "-H", "860"]
        subprocess.run([printer, *page, printed, target], check=True)


if __name__ == "__main__":
    main()
