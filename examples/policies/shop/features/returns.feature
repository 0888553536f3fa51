Feature: What a shop takes back

  Background:
    Given all times are in Asia/Taipei
    And the policy in examples/policies/shop
    And a case "R-1" in TWD

  Scenario: An unopened book within thirty days: the price, after a look at it
    Given these items
      | id | kind  | price | days | asked_at         | broken | state  |
      | i1 | plain | 450   | 8    | 2026-03-10 10:00 | false  | sealed |
    When the policy decides at 2026-03-10 11:00
    Then inspect_item about i1 is planned because of look-soon
    And pay_back about i1 is wanted but held because of pay-it-back
    When 2 hours later inspect_item about i1 is done by keeper
    And 5 minutes later the policy decides
    Then pay_back about i1 is planned
    And the amount of pay_back about i1 is 450
    And pay_back about i1 is due at 2026-03-17 18:00

  Scenario Outline: Less the restocking fee and the label
    Given these items
      | id | kind  | price | days | asked_at         | broken | state   | sent_label |
      | i1 | plain | 455   | 8    | 2026-03-10 10:00 | false  | <state> | <label>    |
    And inspect_item about i1 is done by keeper at 2026-03-10 12:00
    When the policy decides at 2026-03-10 13:00
    Then the amount of pay_back about i1 is <amount>

    Examples:
      | state  | label | amount |
      | sealed | true  | 375    |
      | opened | false | 387    |
      | opened | true  | 307    |

  Scenario: What arrived broken goes back whole, with the postage, whatever it is
    Given these items
      | id | kind    | price | days | asked_at         | broken | state |
      | i1 | hygiene | 300   | 8    | 2026-03-10 10:00 | true   | used  |
    And inspect_item about i1 is done by keeper at 2026-03-10 12:00
    When the policy decides at 2026-03-10 13:00
    Then the amount of pay_back about i1 is 380
    And offer_repair about i1 is planned

  Scenario: After thirty days it is too late
    Given these items
      | id | kind  | price | days | asked_at         | broken | state  |
      | i1 | plain | 450   | 31   | 2026-04-10 10:00 | false  | sealed |
    When the policy decides at 2026-04-10 11:00
    Then pay_back about i1 is forbidden because of say-why-not
    And explain_refusal about i1 is planned

  Scenario: Opened electronics are not taken back
    Given these items
      | id | kind        | price | days | asked_at         | broken | state  |
      | i1 | electronics | 9000  | 8    | 2026-03-10 10:00 | false  | opened |
    When the policy decides at 2026-03-10 11:00
    Then explain_refusal about i1 is planned because of say-why-not

  Scenario: In a currency without a label fee the amount is not known
    Given a case "R-2" in USD
    And these items
      | id | kind  | price | days | asked_at         | broken | state  |
      | i1 | plain | 45    | 8    | 2026-03-10 10:00 | false  | sealed |
    And inspect_item about i1 is done by keeper at 2026-03-10 12:00
    When the policy decides at 2026-03-10 13:00
    Then pay_back about i1 lacks amount
