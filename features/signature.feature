Feature: The signature on the card
  A cashier makes a customer sign an unsigned card on the spot, and then "compares" the signatures: a rule that is
  followed and serves nothing.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei
    And the history in "examples/histories/signature.yaml"

  Scenario: A procedure states its purpose, or is not asked for
    When the policy decides at 2026-05-18 18:30
    Then demand_procedure about sign-now is forbidden because of no-procedure-that-cannot-serve
    And state_purpose about sign-now is planned because of a-procedure-states-its-purpose
    And note_answer_time is planned because of name-the-hour-of-the-answer
    And express_regret is done because of care-from-the-first-contact

  Scenario: Whether it serves is not known: it waits for its purpose
    When the can_serve of sign-now in demands_on_customer is not known
    And the policy decides at 2026-05-18 18:40
    Then demand_procedure about sign-now is held because of a-procedure-states-its-purpose

  Scenario: Looking back
    When the history is audited until 2026-05-25 18:00
    Then the breaches are exactly
      | at               | what                            | kind      | rule                          |
      | 2026-05-18 18:31 | demand_procedure about sign-now | forbidden | no-procedure-that-cannot-serve, a-procedure-states-its-purpose |
    And also
      | at               | what      | kind    | rule                                 | why                                          |
      | 2026-05-19 18:00 | note_answer_time | omitted | no-open-end | nobody said when the next word would come |
      | 2026-05-21 18:30 | call_back | omitted | the-first-silence-ends-in-three-days | the complaint was noted and never heard from |
