"""The words of a note, in the agents' language."""

from __future__ import annotations

import attrs

from escalation_rules.decision import Step
from escalation_rules.policy.vocabulary import Vocabulary

_WORDS = {
    "en": {
        "heading": "Plan (private note)",
        "steps": "Next steps",
        "forbidden": "Do not",
        "missing": "Find out",
        "more": "{count} more steps follow.",
        "one_more": "1 more step follows.",
        "how": "When a step is done, write a private note with a line such as `{action}`.",
        "due": "due {due}",
        "say": "Say: “{text}”",
        "why": "Why: {text}",
    },
    "zh-TW": {
        "heading": "處理計畫（內部備註）",
        "steps": "接下來要做的事",
        "forbidden": "不要做的事",
        "missing": "要先問清楚的事",
        "more": "另有 {count} 個步驟之後再做。",
        "one_more": "另有 1 個步驟之後再做。",
        "how": "步驟完成後，請新增一則內部備註，其中一行寫 `{action}`。",
        "due": "期限 {due}",
        "say": "可以這樣說：「{text}」",
        "why": "原因：{text}",
    },
    "zh-CN": {
        "heading": "处理计划（内部备注）",
        "steps": "接下来要做的事",
        "forbidden": "不要做的事",
        "missing": "要先问清楚的事",
        "more": "另有 {count} 个步骤之后再做。",
        "one_more": "另有 1 个步骤之后再做。",
        "how": "步骤完成后，请新增一条内部备注，其中一行写 `{action}`。",
        "due": "期限 {due}",
        "say": "可以这样说：“{text}”",
        "why": "原因：{text}",
    },
}


@attrs.frozen
class Words:
    """The words of one language, with the labels of a vocabulary."""

    language: str
    vocabulary: Vocabulary

    def _word(self, name: str) -> str:
        return _WORDS[self.language][name]

    @property
    def heading(self) -> str:
        """The first line of the note."""
        return self._word("heading")

    @property
    def steps(self) -> str:
        """The heading over what to do."""
        return self._word("steps")

    @property
    def forbidden(self) -> str:
        """The heading over what not to do."""
        return self._word("forbidden")

    @property
    def missing(self) -> str:
        """The heading over what to find out."""
        return self._word("missing")

    def more(self, count: int) -> str:
        """How many steps are not shown yet."""
        return self._word("one_more" if count == 1 else "more").format(count=count)

    def how(self, step: Step) -> str:
        """How a step is put on record, with a step of the plan as example."""
        return self._word("how").replace("{action}", note_line(step.action, step.about))

    def due(self, moment: str) -> str:
        """Until when."""
        return self._word("due").format(due=moment)

    def say(self, text: str) -> str:
        """What an agent can say."""
        return self._word("say").replace("{text}", text)

    def why(self, text: str) -> str:
        """Why it is to be done."""
        return self._word("why").replace("{text}", text)

    def action(self, name: str, about: str | None) -> str:
        """An action by its label, with its name for note lines, and what it is about."""
        label = (
            self.vocabulary.actions[name].label.in_language(self.language)
            if name in self.vocabulary.actions
            else ""
        )
        line = note_line(name, about)
        return f"{label} ({line})" if label else line

    def owner(self, step: Step) -> str:
        """Who is to do it."""
        role = self.vocabulary.roles.get(step.owner or "")
        return (role.label.in_language(self.language) if role else "") or step.owner or ""

    def parameter(self, action: str, name: str) -> str:
        """The label of a parameter."""
        declared = (
            self.vocabulary.actions[action].params.get(name) if action in self.vocabulary.actions else None
        )
        return (declared.label.in_language(self.language) if declared else "") or name


def note_line(action: str, about: str | None) -> str:
    """The line of a note that records an act."""
    return f"#{action} {about}" if about else f"#{action}"


def words(language: str, vocabulary: Vocabulary) -> Words:
    """The words of a language."""
    return Words(language, vocabulary)
