"""Each alternative of a conclusion may say why: an explanation gives the reason of the one that applies."""

from __future__ import annotations

import pytest

from tests.core.policies import NOW, Make, at

FIRST = """\
- id: kind
  then:
    - conclude: v.kind
      first_that_applies:
        - value: one
          when: {x.a: true}
          because: {reason}
        - two: {x.b: true}
        - value: three
          when: {x.when: {older_than: 1 day}}
          because:
            en: It was so at {x.when}.
      otherwise: one
  because:
    en: As the rule says.
- id: call
  when: {v.kind: one}
  then: [{recommend: call}]
"""
TABLE = """\
- id: kind
  table:
    hit: first
    inputs: [x.a, x.b, x.when]
    outputs: [v.kind]
    rows:
      - row: [true, any, any, one]
        because:
          en: Because of a, which is {x.a}.
      - [any, true, any, two]
      - row: [any, any, {older_than: 1 day}, three]
        because:
          en: It was so at {x.when}.
    otherwise: one
  because:
    en: As the rule says.
"""


@pytest.mark.parametrize(
    "rules", [FIRST.replace("{reason}", "\n            en: Because of a, which is {x.a}."), TABLE]
)
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"x.a": True}, "Because of a, which is yes."),
        ({"x.a": False, "x.b": True}, "As the rule says."),
        ({"x.a": False, "x.b": False, "x.when": NOW.isoformat()}, "It was so at "),
        ({"x.b": True}, "As the rule says."),  # the first may apply
        ({}, "As the rule says."),
    ],
)
def test_the_reason_is_that_of_the_alternative(
    make: Make, rules: str, facts: dict[str, object], said: str
) -> None:
    explanation = make(rules).explain({"facts": facts}, "kind", at=at(days=2))
    text = explanation.rules[0].text.in_language("en")
    assert text.startswith(said) if said.endswith(" ") else text == said
