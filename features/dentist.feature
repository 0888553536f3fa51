Feature: The self-pay item at the dentist's
  A patient from abroad asks, in a friendly mail, about 1,500 on her receipt that she does not remember agreeing to. The
  practice promises the money back, and nobody enters it. A small case gets a short plan, a promise gets a look before it
  falls due, and she is asked once, when all is done.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei
    And the history in "examples/histories/dentist.yaml"

  Scenario: A friendly mail gets three small steps and no machinery
    When the policy decides at 2026-03-11 10:15
    Then the plan is exactly
      | action          | about       | phase | rule                        |
      | answer_question | did-i-agree | owed  | answer-the-question         |
      | check_charge    | polish      | owed  | check-what-is-disputed      |
      | express_regret  |             | calm  | care-from-the-first-contact |
    And answer_question about did-i-agree is due at 2026-03-12 18:00
    And the questions are exactly
      | fact                | ask    |
      | charges.disputed_at | system |
    And help_at_once is not planned
    And brush_off is forbidden because of never-refuse-vaguely
    But dun_customer about polish is not forbidden

  Scenario: No signed form: the answer, the money, and one answer only
    When the policy decides at 2026-03-12 11:10
    Then the plan is exactly
      | action          | about       | rule                        |
      | waive_charge    | polish      | give-back-what-our-error-cost |
      | answer_question | did-i-agree | answer-the-question           |
      | express_regret  |             | care-from-the-first-contact   |
      | change_process  |             | change-what-let-it-happen     |
    And charge_customer about polish is forbidden because of give-back-what-our-error-cost
    And offer_gift is forbidden because of no-voucher-without-loss-or-demand

  Scenario: While a dated promise runs, nobody rings; the one without a date gets one
    When the policy decides at 2026-03-13 10:00
    Then the plan is exactly
      | action         | about   | rule                          |
      | waive_charge   | polish  | give-back-what-our-error-cost |
      | set_date       | receipt | a-promise-needs-a-date        |
      | change_process |         | change-what-let-it-happen     |
    And the amount of waive_charge about polish is 1500 TWD
    And the questions are exactly
      | fact                | ask    |
      | charges.disputed_at | system |
    When the policy decides at 2026-03-16 10:00
    Then call_back is not planned

  Scenario: Without a dated promise two days of silence are too long
    Given this case
      """
      facts: {case.opened_at: 2026-03-11T10:12:00+08:00, case.owner: case_owner, customer.need: to understand what she paid for}
      acts: [{action: express_regret, by: case_owner, at: 2026-03-12T15:21:00+08:00}]
      """
    When the policy decides at 2026-03-14 15:10
    Then call_back is not planned
    When the policy decides at 2026-03-16 10:00
    Then call_back is planned because of silence-is-loss
    And call_back is not overdue
    When survey is done by care_line at 2026-03-16T11:00:00+08:00
    And the policy decides at 2026-03-16 12:00
    Then call_back is planned because of silence-is-loss
    When these contacts
      | id   | made_by   | at               | outcome |
      | rang | case_owner | 2026-03-16 13:00 | reached |
    And the policy decides at 2026-03-16 14:00
    Then call_back is not planned

  Scenario: The day before it falls due somebody looks whether it is on its way
    When the policy decides at 2026-03-18 17:30
    Then check_promise is not planned
    When the policy decides at 2026-03-18 18:30
    Then check_promise about refund is planned because of look-before-a-promise-falls-due
    And call_back is not planned

  Scenario: It is not on her card: made good and apologised for the same day, and nobody above is needed
    When the policy decides at 2026-03-20 10:05
    Then the plan is exactly
      | action            | about  | rule                           |
      | waive_charge      | polish | give-back-what-our-error-cost  |
      | make_good_promise | refund | make-a-late-promise-good       |
      | apologise         |        | apologise-for-a-broken-promise |
      | change_process    |        | change-what-let-it-happen      |
    And apologise is due at 2026-03-20 18:00
    And make_good_promise about refund is due at 2026-03-20 18:00
    And close_case is held because of closing-is-the-customers-word
    And the questions are exactly
      | fact                | ask    |
      | charges.disputed_at | system |

  Scenario: All is made good: ask once whether it is there, and do not ring every two days
    When the policy decides at 2026-03-20 11:10
    Then the plan is exactly
      | action         | rule                                   |
      | confirm_in_writing | confirm-it-in-writing              |
      | change_process | change-what-let-it-happen              |
      | confirm_need   | ask-when-all-that-was-promised-is-done |
    When the policy decides at 2026-03-22 12:00
    Then call_back is not planned
    And confirm_need is planned because of ask-when-all-that-was-promised-is-done

  Scenario: As long as one promise is open, it is too early to ask
    Given this case
      """
      facts: {case.opened_at: 2026-03-11T10:12:00+08:00, case.owner: case_owner, customer.need: the refund and the receipt}
      promises:
        - {id: refund, promised_by: case_owner, due_at: 2026-03-19T18:00:00+08:00, kept_at: 2026-03-20T11:00:00+08:00}
        - {id: receipt, promised_by: case_owner, due_at: 2026-03-31T18:00:00+08:00}
      """
    When the policy decides at 2026-03-20 11:10
    Then confirm_need is not planned
    When it becomes known that the kept_at of receipt in promises is 2026-03-20T11:15:00+08:00
    And the policy decides at 2026-03-20 11:20
    Then confirm_need is planned because of ask-when-all-that-was-promised-is-done

  Scenario: She says that it is there, and the case is closed
    When the policy decides at 2026-03-25 09:00
    Then close_case is planned because of close-when-the-customer-says-so
    And settle_complaint is not planned
    And call_back is not planned

  Scenario: A small promise of the same day, forgotten: made good at once, and nobody above hears of it
    Given this case
      """
      facts: {case.opened_at: 2026-03-11T10:12:00+08:00, case.owner: case_owner, customer.need: a copy of the receipt}
      promises: [{id: copy, promised_by: frontline, made_at: 2026-03-11T11:00:00+08:00, due_at: 2026-03-11T15:00:00+08:00}]
      acts: [{action: express_regret, by: frontline, at: 2026-03-11T10:20:00+08:00}]
      """
    When the policy decides at 2026-03-11 15:05
    Then the plan is exactly
      | action            | about | rule                                         |
      | make_good_promise | copy  | a-promise-of-minutes-is-made-good-in-minutes |
      | apologise         |       | apologise-for-a-broken-promise               |
    And make_good_promise about copy is due at 2026-03-11 15:30

  Scenario: A question, once answered, is closed without any ado
    Given this case
      """
      facts: {case.kind: question, case.opened_at: 2026-03-11T10:12:00+08:00}
      acts: [{action: close_case, by: frontline, at: 2026-03-11T10:30:00+08:00}]
      """
    When the policy decides at 2026-03-11 11:00
    Then the plan is empty
    And nothing is asked
    And close_case is not held
    When it becomes known that case.kind is complaint
    And the policy decides again
    Then reopen_case is planned because of premature-closure-is-undone

  Scenario: A ticket and nothing else: three steps, four questions, the most deciding first
    Given this case
      """
      id: M3-bare
      facts:
        case.subject: Self-pay item on yesterday's receipt
        case.channel: email
        case.opened_at: 2026-03-11T10:12:00+08:00
      """
    When the policy decides at 2026-03-11 10:15
    Then the plan is exactly
      | action         | rule                        |
      | express_regret | care-from-the-first-contact |
      | ask_need       | tell-demand-from-need       |
      | assign_owner   | one-owner                   |
    And the questions are exactly
      | fact                 | ask      | needed_by                  |
      | people.at_risk       | customer | somebody-is-at-risk        |
      | case.kind            | agent    | one-owner                  |
      | customer.needed_by   | customer | help-with-what-cannot-wait |
      | customer.temperature | agent    | listen-to-whoever-is-upset |

  Scenario: Looking back
    When the history is audited until 2026-03-31 18:00
    Then the breaches are exactly
      | at               | what                         | kind    | rule              |
      | 2026-03-19 18:00 | promises.broken about refund | failure | promise-is-broken |
    And also
      | at               | what                   | kind    | rule                   | why                                                          |
      | 2026-03-13 18:00 | set_date about receipt | omitted | a-promise-needs-a-date | the receipt was promised for no day, and came when she asked |
