"""A schema as text: questions begin with what says most, whatever the order of the fields of their models."""

import yaml

import survey
from survey.instrument.schema_text import schema_text
from tests.paths import EXAMPLES


def test_keys_of_questions_stand_in_the_order_in_which_people_read(tmp_path):
    schema = survey.load_instrument(EXAMPLES / "every-kind.yaml")
    path = tmp_path / "written.yaml"
    path.write_text(schema_text(schema, "Made.", {}), encoding="utf-8")
    assert survey.load_instrument(path).content_hash == schema.content_hash
    for question in yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]:
        keys = list(question)
        assert keys[:2] == ["id", "kind"]
        blocks = [keys.index(name) for name in ("rows", "options", "items") if name in question]
        assert all(keys.index("text") < place for place in blocks)
        assert "ranks" not in question or keys.index("ranks") < keys.index("options")
