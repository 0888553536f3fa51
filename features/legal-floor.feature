Feature: The legal floor
  What the law asks for at the least, kept as data for each jurisdiction. It is checked, never pleaded, and a case without a
  known jurisdiction is asked for it only where an entry would matter. None of this is legal advice.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei

  Scenario Outline: Seven days to send back what was bought at a distance
    Given this case
      """
      facts:
        case.kind: request
        case.owner: case_owner
        case.jurisdiction: <where>
        case.opened_at: 2026-03-02T09:00:00+08:00
        customer.need: to send it back
        customer.wants_to_return: true
        purchase.distance: true
        purchase.received_at: 2026-03-02T12:00:00+08:00
      """
    When the policy decides at 2026-03-09 18:00
    Then accept_return is planned because of <rule>
    When the policy decides at 2026-03-12 18:00
    Then accept_return is not planned
    And the questions are exactly
      | purchase.withdrawn_in_time |
    When it becomes known that purchase.withdrawn_in_time is true
    And the policy decides again
    Then accept_return is planned because of <rule>
    When it becomes known that purchase.excepted is true
    And the policy decides again
    Then accept_return is not planned

    Examples:
      | where          | rule                           |
      | taiwan         | taiwan-seven-days-to-withdraw  |
      | mainland_china | mainland-seven-days-to-return  |

  Scenario Outline: A defect is put right
    Given this case
      """
      facts: {case.kind: request, case.owner: case_owner, case.jurisdiction: <where>, product.defective: true}
      """
    When the policy decides at 2026-03-09 18:00
    Then the plan is exactly
      | action                | rule   |
      | repair_replace_refund | <rule> |

    Examples:
      | where          | rule                     |
      | taiwan         | taiwan-defective-goods   |
      | mainland_china | mainland-defective-goods |

  Scenario: Whose law applies is asked only where it matters
    Given this case
      """
      facts:
        case.kind: request
        case.opened_at: 2026-03-09T09:00:00+08:00
        case.owner: case_owner
        customer.need: a kettle that works
        product.defective: true
        cause.established_at: 2026-03-09T17:00:00+08:00
      """
    When the policy decides at 2026-03-09 18:00
    Then the questions are exactly
      | case.jurisdiction |
    When it becomes known that product.defective is false
    And the policy decides again
    Then nothing is asked

  Scenario: Fifteen days are the last day on the mainland, too, and goods that endanger others are recalled
    Given this case
      """
      facts:
        case.kind: complaint
        case.owner: case_owner
        case.jurisdiction: mainland_china
        case.opened_at: 2026-03-02T12:00:00+08:00
        hazard.others_at_risk: true
        product.in_warranty: true
      """
    When the policy decides at 2026-03-13 09:00
    Then settle_complaint is planned because of mainland-no-delay-past-15-days
    And settle_complaint is due at 2026-03-17 12:00
    And warn_others is planned because of mainland-warn-and-recall
    When it becomes known that customer.need_met is true
    And the policy decides again
    Then settle_complaint is not planned

  Scenario: Product liability in Taiwan, and goods that endanger others
    Given this case
      """
      currency: TWD
      facts:
        case.owner: case_owner
        case.jurisdiction: taiwan
        customer.need: to be safe
        hazard.happened: true
        hazard.others_at_risk: true
      losses: [{id: laptop, amount: 30000, connected: true}]
      """
    When the policy decides at 2026-03-09 18:00
    Then check_legal_floor is planned because of taiwan-product-liability
    And warn_others is planned because of taiwan-recall-what-endangers
    When it becomes known that cause.product_at_fault is false
    And the policy decides again
    Then check_legal_floor is not planned

  Scenario: Product liability on the mainland
    Given this case
      """
      currency: CNY
      facts:
        case.owner: case_owner
        case.jurisdiction: mainland_china
        customer.need: to be safe
        hazard.happened: true
      losses: [{id: laptop, amount: 5299, connected: true}]
      """
    When the policy decides at 2026-03-09 18:00
    Then check_legal_floor is planned because of mainland-product-liability
    When it becomes known that the connected of laptop in losses is false
    And the policy decides again
    Then check_legal_floor is not planned

  Scenario: Fifteen days for an answer in Taiwan
    Given this case
      """
      facts: {case.owner: case_owner, case.jurisdiction: taiwan, case.opened_at: 2026-03-02T10:00:00+08:00}
      charges: [{id: price}]
      """
    When the policy decides at 2026-03-12 09:00
    Then settle_complaint is not planned
    When the policy decides at 2026-03-12 10:00
    Then settle_complaint is planned because of taiwan-answer-within-15-days
    And settle_complaint is due at 2026-03-16 10:00

  Scenario: On the mainland our answer is there before the authority's
    Given this case
      """
      facts: {case.owner: case_owner, case.jurisdiction: mainland_china}
      signals: [{id: complaint, kind: regulator, at: 2026-03-02T10:00:00+08:00}]
      """
    When the policy decides at 2026-03-05 09:30
    Then settle_complaint is not planned
    When the policy decides at 2026-03-05 10:00
    Then settle_complaint is planned because of mainland-ready-before-the-authority-answers
    And settle_complaint is due at 2026-03-11 18:00
    When offer_options is done by case_owner at 2026-03-05T10:30:00+08:00
    And the policy decides at 2026-03-05 11:00
    Then settle_complaint is not planned
