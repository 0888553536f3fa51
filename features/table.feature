Feature: The table with strap marks
  A costly table arrives with marks that anybody can see. The customer still means to buy six chairs,
  and the shop keeps calling for 800.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei
    And the case in "examples/cases/table.yaml"

  Scenario: The 800 is waived, the reminders stop, and the chairs are seen to
    When the policy decides at 2026-03-03 10:00
    Then the plan is exactly
      | action            | about    | phase     | owner         | rule                           |
      | waive_charge      | shipping | put_right | case_owner    | waive-charge-on-evident-damage |
      | stop_dunning      | shipping | owed      | accounts      | stop-the-reminders             |
      | express_regret    |          | calm      | case_owner    | regret-from-the-first-minute   |
      | inspect           | crack    | facts     | field_service | look-at-a-doubtful-damage      |
      | see_order_through |          | settle    | sales         | see-the-next-order-through     |
    And nothing is asked
    And the phase is put_right

  Scenario: The waiver says how much, by when, and why
    When the policy decides at 2026-03-03 10:00
    Then waive_charge about shipping is planned
    And its reasons are exactly
      | rule                           | principle | source                          |
      | waive-charge-on-evident-damage | settle    | S3 the table with strap marks   |
    And the amount of waive_charge about shipping is 800 TWD
    And waive_charge about shipping is due within 1 working day
    And waive_charge about shipping is due at 2026-03-03 18:00
    And waive_charge about shipping is complete

  Scenario: Nobody asks for the 800 again, for two reasons
    When the policy decides at 2026-03-03 10:00
    Then dun_customer about shipping is forbidden
    And its reasons are exactly
      | rule                            | principle | source                        |
      | no-dunning-over-evident-damage  | settle    | S3 the table with strap marks |
      | no-dunning-on-a-disputed-charge | settle    | S3 the table with strap marks |
    And charge_customer about shipping is forbidden because of no-dunning-over-evident-damage

  Scenario: The six chairs get somebody who sees to them
    When the policy decides at 2026-03-03 10:00
    Then see_order_through is planned because of see-the-next-order-through
    And the items of see_order_through is six chairs
    And see_order_through is due at 2026-03-04 18:00

  Scenario: No excuse that nobody believes, and no small present
    When the policy decides at 2026-03-03 10:00
    Then explain_away about strap-marks is forbidden because of no-explanation-that-nobody-believes
    But explain_away about crack is not forbidden
    And offer_gift is forbidden because of no-token-gift-against-real-loss

  Scenario: What has been done does not come again
    When waive_charge about shipping is done by case_owner at 2026-03-03T10:30:00+08:00
    And the policy decides at 2026-03-03 11:00
    Then waive_charge about shipping is done
    And waive_charge is not planned
    And stop_dunning is not planned
    And see_order_through is planned
    But dun_customer about shipping is forbidden because of no-dunning-on-a-disputed-charge

  Scenario: A charge that is closed already needs no waiver
    When it becomes known that the open of shipping in charges is false
    And the policy decides at 2026-03-03 10:00
    Then waive_charge is not planned
    And stop_dunning is not planned
    And see_order_through is planned

  Scenario: If the marks are not plain to see, somebody looks first, and still nobody duns
    When it becomes known that the evident of strap-marks in damages is false
    And the policy decides at 2026-03-03 10:00
    Then waive_charge is not planned
    And inspect about strap-marks is planned because of look-at-a-doubtful-damage
    And explain_away about strap-marks is not forbidden
    And dun_customer about shipping is forbidden
    And its reasons are exactly
      | rule                            | principle | source                        |
      | no-dunning-on-a-disputed-charge | settle    | S3 the table with strap marks |
    And the questions are exactly
      | fact                | ask    | needed_by              |
      | charges.disputed_at | system | check-what-is-disputed |

  Scenario: If nobody has said whether the marks are plain to see, that is the first question, and the last is from when a time counts
    When the evident of strap-marks in damages is not known
    And the policy decides at 2026-03-03 10:00
    Then waive_charge is not planned
    And the questions are exactly
      | fact                | ask    |
      | damages.evident     | agent  |
      | charges.disputed_at | system |

  Scenario: The price of the table itself is not waived for a mark
    When it becomes known that the kind of shipping in charges is goods
    And the policy decides at 2026-03-03 10:00
    Then waive_charge is not planned
    And charge_customer about shipping is not forbidden
    But dun_customer about shipping is forbidden because of no-dunning-on-a-disputed-charge

  Scenario: Marks that the customer made are not the shop's to settle
    When it becomes known that the caused_by of strap-marks in damages is customer
    And the policy decides at 2026-03-03 10:00
    Then waive_charge is not planned

  Scenario: Bad faith, once it is a fact, ends the waiver but not the manners
    When it becomes known that customer.good_faith is bad
    And the policy decides at 2026-03-03 10:00
    Then waive_charge is not planned
    And quote_law is planned because of set-out-the-law-in-bad-faith
    But dun_customer about shipping is forbidden because of no-dunning-on-a-disputed-charge

  Scenario: A bill that nobody disputes, for goods that nobody finds fault with, may be collected
    When there are no damages
    And it becomes known that the disputed of shipping in charges is false
    And the policy decides at 2026-03-03 10:00
    Then the plan is exactly
      | action            | rule                         |
      | express_regret    | care-from-the-first-contact  |
      | see_order_through | see-the-next-order-through   |
    And dun_customer about shipping is not forbidden
    But offer_gift is forbidden because of no-voucher-without-loss-or-demand
    And nothing is asked

  Scenario: No chairs spoken of, no order to see through
    When future_order.items is not known
    And the policy decides at 2026-03-03 10:00
    Then see_order_through is not planned
    And nothing is asked

  Scenario: Once the chairs are ordered, the step is over
    When it becomes known that future_order.placed_at is 2026-03-03T09:50:00+08:00
    And the policy decides at 2026-03-03 10:00
    Then see_order_through is not planned

  Scenario Outline: Once it is over, nothing lingers, and still nobody duns
    When it becomes known that <fact> is <value>
    And the policy decides at 2026-03-03 10:00
    Then the plan is exactly
      | action | rule   |
      | <last> | <rule> |
    And nothing is asked
    And dun_customer about shipping is forbidden because of no-dunning-on-a-disputed-charge

    Examples:
      | fact              | value                     | last          | rule                           |
      | customer.left     | true                      | close_as_lost | learn-from-a-customer-who-left |
      | customer.need_met | true                      | close_case    | close-when-the-customer-says-so |
      | problem.solved_at | 2026-03-03T09:50:00+08:00 | confirm_need  | ask-once-whether-all-is-well   |

  Scenario: What would settle it is asked before it is offered
    When customer.need is not known
    And the policy decides at 2026-03-03 10:00
    Then ask_need is planned because of tell-demand-from-need
    And offer_compensation is held because of in-what-the-customer-cares-about
    And it waits for ask_need
    When it becomes known that customer.need is a table without marks
    And the policy decides again
    Then ask_need is not planned
    And offer_compensation is not held

  Scenario: "Sue me", and then silence: after two days without a word, somebody calls
    When the policy decides at 2026-03-03 10:00
    Then call_back is not planned
    When the policy decides at 2026-03-04 16:00
    Then call_back is planned because of silence-is-loss
    And call_back is due at 2026-03-05 15:40
    When call_back is done by case_owner at 2026-03-04T16:10:00+08:00
    And the policy decides at 2026-03-04 16:15
    Then call_back is not planned
    When the policy decides at 2026-03-06 16:15
    Then call_back is planned because of silence-is-loss
    When it becomes known that customer.left is true
    And the policy decides again
    Then call_back is not planned

  Scenario: Closed over the customer's head it is not over: it is reopened, and the plan goes on
    When close_case is done by case_owner at 2026-03-03T09:30:00+08:00
    And the policy decides at 2026-03-03 10:00
    Then it is concluded that closure.premature is true
    And reopen_case is planned because of premature-closure-is-undone
    And waive_charge about shipping is planned because of waive-charge-on-evident-damage
    When reopen_case is done by case_owner at 2026-03-03T10:10:00+08:00
    And the policy decides at 2026-03-03 10:15
    Then reopen_case is not planned
    And see_order_through is planned because of see-the-next-order-through
    When it becomes known that customer.need_met is true
    And close_case is done by case_owner at 2026-03-04T09:30:00+08:00
    And the policy decides at 2026-03-04 10:00
    Then the plan is empty

  Scenario: An ordinary question gets its answer and no machinery, however old it is
    Given a case "Q-1" in TWD
    And these facts
      | fact           | value                     |
      | case.kind      | question                  |
      | case.opened_at | 2026-02-02T10:00:00+08:00 |
    When the policy decides at 2026-03-03 10:00
    Then the plan is exactly
      | action          | rule                |
      | answer_question | answer-whoever-asks |
    And nothing is asked
    And there is no next review

  Scenario: A complaint of which nothing else is known gets three steps and four questions, and is asked last when it came
    Given a case "B-1"
    When the policy decides at 2026-03-03 10:00
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
      | case.opened_at       | system   | care-from-the-first-contact, one-owner |

  Scenario: Owed or not, a small sum is weighed against what the customer still means to buy
    When there are no damages
    And the policy decides at 2026-03-03 10:00
    Then weigh_relationship about shipping is planned because of weigh-the-customer-against-the-sum
    When it becomes known that the amount of shipping in charges is 20000
    And the policy decides again
    Then weigh_relationship is not planned

  Scenario: Taiwan's fifteen days are the last day for an answer, not the aim
    When the policy decides at 2026-03-12 15:30
    Then settle_complaint is not planned
    When the policy decides at 2026-03-12 15:40
    Then settle_complaint is planned because of taiwan-answer-within-15-days
    And settle_complaint is due at 2026-03-16 15:40

  Scenario: Looking back
    Given the history in "examples/histories/table.yaml"
    When the history is audited until 2026-03-20 18:00
    Then the breaches are exactly
      | at               | what                           | kind      | rule                                |
      | 2026-03-02 16:00 | explain_away about strap-marks | forbidden | no-explanation-that-nobody-believes |
      | 2026-03-02 17:20 | dun_customer about shipping    | forbidden | no-dunning-over-evident-damage      |
      | 2026-03-03 09:15 | dun_customer about shipping    | forbidden | no-dunning-on-a-disputed-charge     |
      | 2026-03-03 18:00 | waive_charge about shipping    | omitted   | waive-charge-on-evident-damage      |
      | 2026-03-04 10:00 | dun_customer about shipping    | forbidden | no-dunning-on-a-disputed-charge     |
      | 2026-03-04 10:30 | call_back                      | omitted   | call-back-on-a-risk-signal          |
      | 2026-03-04 18:00 | see_order_through              | omitted   | see-the-next-order-through          |
    And also
      | at               | what                        | kind    | rule                                 | why                                                         |
      | 2026-03-03 18:00 | note_answer_time            | omitted | no-open-end                          | the call was taken, and no day was named for the next word  |
      | 2026-03-04 10:30 | express_regret              | omitted | soothe-on-a-risk-signal              | "sue me" was met with silence                               |
      | 2026-03-04 10:30 | take_upstairs               | omitted | take-it-upstairs-on-a-risk-signal    | nobody who could have waived 800 heard of it                |
      | 2026-03-04 18:00 | stop_dunning about shipping | omitted | stop-the-reminders                   | asked for once more while the first was still open          |
      | 2026-03-05 15:40 | call_back                   | omitted | the-first-silence-ends-in-three-days | asked for once more while the first was still open          |
      | 2026-03-05 18:00 | inspect about crack         | omitted | look-at-a-doubtful-damage            | "cracks are natural" was said from a desk                   |
      | 2026-03-16 15:40 | settle_complaint            | omitted | taiwan-answer-within-15-days         | the shop was never heard of again; the law gives it 15 days |
