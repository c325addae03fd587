"""What `survey reconstruct --draws` writes: the draws, how they were found, how they mixed, what they are."""

from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.document import Picture
from survey.errors import usage
from survey.files.saving import check_folder, save_folder
from survey.messages import message
from survey.render.pictures import draw

if TYPE_CHECKING:
    import pandas as pd

    from survey.published.reconstruction.ensemble import Ensemble

FORMATS = ("csv", "parquet")
NAMES = ("draws.csv", "draws.parquet", "settings.csv", "mixing.csv", "trace.csv", "mixing.png", "README.txt")
_IN_PICTURE = 8  # the quantities that mixed worst


def check_drawn(folder: Path, form: str) -> None:
    """Refuse, before any work, a folder with other files in it, and a format that cannot be written."""
    check_folder(folder, NAMES)
    if folder.suffix.lower() == ".xlsx":
        raise usage("draws_need_folder", path=folder)
    if form not in FORMATS:
        raise usage("draws_format", form=form, known=list(FORMATS))
    if form == "parquet":
        try:
            import_module("pyarrow")
        except ImportError:
            raise usage("export_needs_pyarrow") from None


def write_drawn(ensemble: "Ensemble", folder: Path, form: str, lang: str) -> Path:
    """Write the files of an ensemble into a folder, all of them or none."""
    check_drawn(folder, form)

    def write(target: Path) -> None:
        if form == "parquet":
            ensemble.data.to_parquet(target / "draws.parquet", engine="pyarrow", index=False)
        else:
            _csv(_plain(ensemble), target / "draws.csv")
        _csv(ensemble.draws, target / "settings.csv")
        _csv(ensemble.mixing, target / "mixing.csv")
        _csv(ensemble.trace, target / "trace.csv")
        (target / "mixing.png").write_bytes(draw(mixing_picture(ensemble, lang), lang))
        (target / "README.txt").write_text(_about(ensemble, form, lang), encoding="utf-8", newline="\n")

    return save_folder(folder, NAMES, write)


def _csv(frame: "pd.DataFrame", path: Path) -> None:
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8", float_format="%.6g")


def _plain(ensemble: "Ensemble") -> "pd.DataFrame":
    """The data with 1 and 0 for options, as other programs like them."""
    frame = ensemble.data
    ticks = {column: kind for column, kind in frame.dtypes.items() if str(kind) == "boolean"}
    return frame.astype(dict.fromkeys(ticks, "int8"))


def mixing_picture(ensemble: "Ensemble", lang: str) -> Picture:
    """Picture the quantities that mixed worst: their traces and autocorrelation."""
    judged = ensemble.mixing.sort_values("effective", kind="stable").head(_IN_PICTURE)
    names = judged["quantity"].tolist()
    frame = ensemble.trace[ensemble.trace["quantity"].isin(names)]
    order = {name: place for place, name in enumerate(names)}
    frame = frame.sort_values("quantity", key=lambda column: column.map(order), kind="stable")
    first = ensemble.draws.iloc[0]
    same = ensemble.draws.loc[ensemble.draws["bases"] == first["bases"], "chain"]
    details = {"mixing": judged.to_dict("records"), "shown": list(dict.fromkeys(same.tolist()))[:2]}
    words = {"base": message("mixing_base", lang, bases=first["bases"] or "-")}
    numbers = message("item_separator", lang).join(
        f"{row.quantity}: {_number_text(row.lag_1, '.2f')}, {_number_text(row.effective, '.0f')}, "
        f"{_number_text(row.r_hat, '.2f')}"
        for row in judged.itertuples()
    )
    alt = message("mixing_alt", lang, told=numbers or "-")
    return Picture("mixing", "mixing", frame, alt, message("mixing_title", lang), words, details)


def _about(ensemble: "Ensemble", form: str, lang: str) -> str:
    """What the folder holds, in words: no data, of what findings, with which seed and versions."""
    findings, instrument = ensemble.findings, ensemble.instrument
    values: dict[str, Any] = {
        "title": findings.said(lang),
        "draws": len(ensemble),
        "size": ensemble.codes.shape[1],
        "findings": findings.file,
        "findings_hash": findings.hash,
        "source": findings.source or "-",
        "licence": findings.licence or "-",
        "instrument": instrument.reference,
        "instrument_hash": instrument.content_hash,
        "seed": ensemble.seed,
        "sweeps": ensemble.sweeps,
        "not_met": list(ensemble.not_met) or "-",
        "file": f"draws.{form}",
        "versions": [
            f"{name} {metadata.version(name)}" for name in ("expansion-survey", "numpy", "scipy", "pandas")
        ],
        "least": _number_text(ensemble.mixing["effective"].min(), ".0f"),
        "r_hat": _number_text(ensemble.mixing["r_hat"].max(), ".2f"),
        "warning": message("reconstructed_warning", lang),
    }
    return message("draws_about", lang, **values)


def _number_text(value: object, form: str) -> str:
    return format(value, form) if isinstance(value, float) and value == value else "-"
