Feature: What an airline pays back

  Background:
    Given all times are in Asia/Taipei
    And the policy in examples/policies/airline
    And a case "B-1" in TWD

  Scenario: A standard ticket before departure: taxes, and the fare less a low fee for each flight
    Given these tickets
      | id | family   | price | taxes | segments | within_a_day | in_time | wish   | asked_at         | paid_by |
      | t1 | standard | 10000 | 1200  | 2        | false        | true    | refund | 2026-03-10 10:00 | card    |
    When the policy decides at 2026-03-10 11:00
    Then refund_ticket about t1 is planned because of pay-the-ticket-back
    And the amount of refund_ticket about t1 is 9600
    And refund_ticket about t1 is due at 2026-03-17 10:00

  Scenario: The low fee is never more than thirty per cent of the fare
    Given these tickets
      | id | family   | price | taxes | segments | within_a_day | in_time | wish   | asked_at         | paid_by |
      | t1 | standard | 2001  | 300   | 2        | false        | true    | refund | 2026-03-10 10:00 | cash    |
    When the policy decides at 2026-03-10 11:00
    Then the amount of refund_ticket about t1 is 1700
    And refund_ticket about t1 is due at 2026-03-30 10:00

  Scenario: Of a basic fare only the taxes go back
    Given these tickets
      | id | family | price | taxes | segments | within_a_day | in_time | wish   | asked_at         | paid_by |
      | t1 | basic  | 5000  | 700   | 1        | false        | true    | refund | 2026-03-10 10:00 | card    |
    When the policy decides at 2026-03-10 11:00
    Then the amount of refund_ticket about t1 is 700

  Scenario: A flight moved by three hours is on our side, by two hours it is not
    Given these tickets
      | id | family | price | taxes | segments | within_a_day | in_time | wish   | asked_at         | paid_by | disruption | moved_by |
      | t1 | basic  | 5000  | 700   | 1        | false        | true    | refund | 2026-03-10 10:00 | card    | moved      | 3 hours  |
      | t2 | basic  | 5000  | 700   | 1        | false        | true    | refund | 2026-03-10 10:00 | card    | moved      | 2 hours  |
    When the policy decides at 2026-03-10 11:00
    Then the amount of refund_ticket about t1 is 5700
    And the amount of refund_ticket about t2 is 700

  Scenario: While nobody knows by how much it was moved, nobody knows what goes back
    Given these tickets
      | id | family | price | taxes | segments | within_a_day | in_time | wish   | asked_at         | paid_by | disruption |
      | t1 | basic  | 5000  | 700   | 1        | false        | true    | refund | 2026-03-10 10:00 | card    | moved      |
    When the policy decides at 2026-03-10 11:00
    Then refund_ticket about t1 lacks amount
    And tickets.moved_by is asked

  Scenario: A large refund waits for a supervisor
    Given these tickets
      | id | family   | price | taxes | segments | within_a_day | in_time | wish   | asked_at         | paid_by |
      | t1 | flexible | 90000 | 700   | 1        | false        | true    | refund | 2026-03-10 10:00 | card    |
    When the policy decides at 2026-03-10 11:00
    Then refund_ticket about t1 is held because of large-refunds-are-looked-at-twice
    And approve_refund about t1 is planned

  Scenario: Who approved a large refund does not pay it
    Given these tickets
      | id | family   | price | taxes | segments | within_a_day | in_time | wish   | asked_at         | paid_by |
      | t1 | flexible | 90000 | 700   | 1        | false        | true    | refund | 2026-03-10 10:00 | card    |
    And these parties
      | id  | role       |
      | sue | supervisor |
      | ann | agent      |
    When approve_refund about t1 is done by sue at 2026-03-10 11:00
      | parameter | value |
      | amount    | 90700 |
    And it is checked whether sue may refund_ticket about t1 at 2026-03-10 12:00
    Then the verdict is forbidden
    When it is checked whether ann may refund_ticket about t1 at 2026-03-10 12:00
      | parameter | value |
      | amount    | 90700 |
    Then the verdict is allowed

  Scenario: A change of a standard ticket costs a fee, and the passenger confirms it first
    Given these tickets
      | id | family   | price | taxes | segments | within_a_day | in_time | wish   | asked_at         |
      | t1 | standard | 9000  | 700   | 2        | false        | true    | change | 2026-03-10 10:00 |
    When the policy decides at 2026-03-10 11:00
    Then rebook about t1 is held because of the-passenger-confirms-a-fee
    And confirm_with_passenger about t1 is planned

  Scenario: A basic ticket is not changed
    Given these tickets
      | id | family | price | taxes | segments | within_a_day | in_time | wish   | asked_at         |
      | t1 | basic  | 9000  | 700   | 2        | false        | true    | change | 2026-03-10 10:00 |
    When the policy decides at 2026-03-10 11:00
    Then rebook about t1 is forbidden because of basic-fares-stay-as-they-are
    And rebook about t1 is not planned
