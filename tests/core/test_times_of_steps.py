"""Every step of the built-in policy has a time, or there is a reason why nobody is late with it."""

from __future__ import annotations

from escalation_rules import Policy

AT_THEIR_PACE = "the customer's pace decides, and a date would press them"
ALREADY_COUNTED = "what has to be made good here is a breach of its own already; so is the call that is due"
WHEN_IT_IS_THERE = "it is done with what it belongs to, which has its own time"
AGAIN = "`again` says how often; the first is due at once"
AFTERWARDS = "it helps the next customer, and this one does not wait for it"

WITHOUT_A_TIME = {
    ("a-procedure-states-its-purpose", "state_purpose"): WHEN_IT_IS_THERE,
    ("a-promise-that-they-ask-after-is-looked-at", "check_promise"): "the promise has its own date",
    ("always-a-choice", "offer_options"): AT_THEIR_PACE,
    ("always-a-choice", "prepare_options"): AT_THEIR_PACE,
    ("the-effort-comes-with-the-options", "show_effort"): AT_THEIR_PACE,
    ("an-empty-answer-is-worked-over", "improve_answer"): ALREADY_COUNTED,
    ("approval-and-no-delay", "ask_approval"): "it has the time of the payment that waits for it",
    (
        "approval-where-no-limit-is-set",
        "ask_approval",
    ): "the payment that it is for has a time; no limit was set that could be missed",
    ("apologise-for-how-we-treated-them", "apologise"): ALREADY_COUNTED,
    ("ask-again-how-they-are", "ask_how_they_are"): AT_THEIR_PACE,
    ("ask-both-sides-for-evidence", "request_evidence"): WHEN_IT_IS_THERE,
    (
        "ask-when-all-that-was-promised-is-done",
        "confirm_need",
    ): "nothing is owed any more; whoever is silent then has not been let down",
    ("back-to-the-matter", "ask_need"): AT_THEIR_PACE,
    ("change-what-let-it-happen", "change_process"): AFTERWARDS,
    ("close-when-both-are-heard", "close_fact_finding"): WHEN_IT_IS_THERE,
    ("confirm-it-in-writing", "confirm_in_writing"): WHEN_IT_IS_THERE,
    ("keep-the-thing-that-it-is-about", "secure_product"): WHEN_IT_IS_THERE,
    ("know-whom-it-happened-to", "learn_background"): WHEN_IT_IS_THERE,
    ("learn-from-a-customer-who-left", "close_as_lost"): AFTERWARDS,
    ("look-for-the-others", "find_others_affected"): WHEN_IT_IS_THERE,
    ("look-before-a-promise-falls-due", "check_promise"): "the promise has its own date",
    ("mainland-product-liability", "check_legal_floor"): WHEN_IT_IS_THERE,
    ("news-while-it-is-being-looked-into", "call_back"): AGAIN,
    ("note-how-it-came-about", "open_investigation"): WHEN_IT_IS_THERE,
    ("read-the-report-to-the-customer", "thank_customer"): WHEN_IT_IS_THERE,
    ("room-to-cool-down", "cool_down"): AT_THEIR_PACE,
    ("silence-is-loss", "call_back"): AGAIN,
    ("silence-is-loss-in-writing-too", "write_to_customer"): AGAIN,
    ("speak-to-whoever-is-not-satisfied", "ask_need"): ALREADY_COUNTED,
    ("stay-above-the-legal-floor", "check_legal_floor"): WHEN_IT_IS_THERE,
    ("taiwan-product-liability", "check_legal_floor"): WHEN_IT_IS_THERE,
    (
        "tell-demand-from-need",
        "ask_need",
    ): "it is asked in the talk that is due, and no record tells whether it was",
    ("tell-what-was-tried", "tell_what_was_tried"): WHEN_IT_IS_THERE,
    ("weigh-the-customer-against-the-sum", "weigh_relationship"): WHEN_IT_IS_THERE,
    (
        "what-it-cost-them-besides",
        "estimate_loss",
    ): "it prepares what is offered; the apology and the putting right have their times",
    (
        "what-can-be-done-here-is-done-here",
        "help_at_once",
    ): "it is done while they stand here, or not at all; what was not done then has a rule of its own",
    ("whoever-asks-has-it-in-writing", "confirm_in_writing"): WHEN_IT_IS_THERE,
    ("whoever-spoke-last-is-called", "note_answer_time"): WHEN_IT_IS_THERE,
    (
        "whoever-was-hurt-is-asked-each-time",
        "ask_about_injuries",
    ): "it is asked in the talk that is due; beside it stands the same question with the hour of this talk",
    ("weigh-what-the-customer-went-through", "weigh_circumstances"): WHEN_IT_IS_THERE,
}


def test_every_step_has_a_time_or_a_reason_why_not() -> None:
    model = Policy.load(engine="plain").model
    without = {
        (rule.id, effect.action)
        for rule in model.rules
        for effect in rule.recommends
        if effect.within is None
    }
    assert without == set(WITHOUT_A_TIME)
