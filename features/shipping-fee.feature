Feature: The shipping fee
  An input error splits an order in two, and the second part carries a fee. The customer asks a question about it. The
  platform pays, sends a report with somebody's punishment in it, and asks for a rating. Nobody answers, nobody speaks.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei
    And the history in "examples/histories/shipping-fee.yaml"

  Scenario: Even where money was asked for, the answer comes before any present
    When at 2026-05-06 11:30 it becomes known that customer.wants_money is true
    And at 2026-05-06 11:30 it becomes known that customer.need is to be told why
    And the policy decides at 2026-05-06 12:00
    Then offer_compensation is held because of answer-before-paying
    And it waits for answer_question

  Scenario: First the answer; the fee goes back, and no present with it
    When the policy decides at 2026-05-06 12:00
    Then answer_question about why-a-fee is planned because of answer-the-question
    And answer_question about why-a-fee is due at 2026-05-07 18:00
    And ask_need is planned because of tell-demand-from-need
    And waive_charge about fee is planned because of give-back-what-our-error-cost
    And change_process is planned because of change-what-let-it-happen
    And express_regret is done because of care-from-the-first-contact

  Scenario: No voucher without a loss or a demand
    When the policy decides at 2026-05-06 12:00
    Then offer_gift is forbidden because of no-voucher-without-loss-or-demand
    And offer_compensation is forbidden because of no-voucher-without-loss-or-demand

  Scenario: Where there is a loss, the offer follows the need
    Given this case
      """
      currency: TWD
      facts: {case.owner: care_line}
      losses: [{id: parking, what: a wasted trip, amount: 120, connected: false}]
      """
    When the policy decides at 2026-05-06 12:00
    Then express_regret is planned because of regret-from-the-first-minute
    And offer_compensation is held because of in-what-the-customer-cares-about
    And it waits for ask_need
    When it becomes known that customer.need is an apology from the driver
    And the policy decides again
    Then offer_compensation is not held

  Scenario: Once the question is answered, the fee is given back
    Given this case
      """
      currency: TWD
      facts: {case.owner: care_line, customer.need: to understand the fee}
      questions: [{id: why-a-fee, asked_by: customer, asked_at: 2026-05-06T11:00:00+08:00}]
      charges: [{id: fee, kind: delivery, amount: 60, our_error: true}]
      """
    When answer_question about why-a-fee is done by case_owner at 2026-05-06T13:00:00+08:00
    And it becomes known that the answered_at of why-a-fee in questions is 2026-05-06T13:00:00+08:00
    And the policy decides at 2026-05-06 13:10
    Then waive_charge about fee is planned because of give-back-what-our-error-cost
    And the amount of waive_charge about fee is 60 TWD
    And answer_question is not planned
    And dun_customer about fee is forbidden because of give-back-what-our-error-cost

  Scenario: No survey while the question is open, no parade of punished staff
    When the policy decides at 2026-05-07 10:00
    Then survey is held because of no-survey-before-the-need-is-met
    And parade_punishment is forbidden because of no-parade-of-punishment
    And close_case is held because of closing-is-the-customers-word

  Scenario: Money was sent and did not answer: now a voice, and no letter
    When the policy decides at 2026-05-08 16:00
    Then call_back is planned because of a-voice-before-another-letter
    And call_back is planned because of silence-is-loss
    And note_answer_time is planned because of name-the-hour-of-the-answer
    And send_form_letter is forbidden because of a-voice-before-another-letter

  Scenario: "Not satisfied" is taken up by telephone
    When the policy decides at 2026-05-12 18:00
    Then call_back is planned because of speak-to-whoever-is-not-satisfied
    And ask_need is planned because of speak-to-whoever-is-not-satisfied

  Scenario: A week without an answer
    When the policy decides at 2026-05-13 11:00
    Then it is concluded that questions.unanswered about why-a-fee is true

  Scenario: The first line may give a little, and does not have to ask
    When it is checked whether frontline may waive_charge about fee at 2026-05-20 10:00
      | parameter | value |
      | amount    | 2500  |
    Then the verdict is forbidden because of what-the-front-line-may-give

  Scenario: Looking back
    When the history is audited until 2026-05-20 18:00
    Then the breaches are exactly
      | at               | what                            | kind      | rule                                 |
      | 2026-05-07 18:00 | answer_question about why-a-fee | omitted   | answer-the-question                  |
      | 2026-05-08 15:01 | offer_gift                      | forbidden | no-voucher-without-loss-or-demand    |
      | 2026-05-09 11:00 | call_back                       | omitted   | the-first-silence-ends-in-three-days |
      | 2026-05-12 16:00 | send_form_letter                | forbidden | a-voice-before-another-letter        |
      | 2026-05-12 16:01 | parade_punishment               | forbidden | no-parade-of-punishment              |
      | 2026-05-12 16:02 | survey                          | premature | no-survey-before-the-need-is-met     |
    And also
      | at               | what                                 | kind    | rule                          | why                                                          |
      | 2026-05-13 11:00 | questions.unanswered about why-a-fee | failure | question-is-left-open         | the author stops at "not satisfied"; the question stays open |
      | 2026-05-13 18:00 | call_back                            | omitted | a-voice-before-another-letter | asked for once more while the first was still open           |
