Feature: The headphones
  A dealer will not send headphones in for repair without a year-old invoice, though the customer offers to pay shipping
  and repair and can show the date in another way. Head office simply collects them.

  Background:
    Given the built-in policy
    And all times are in Asia/Taipei
    And the history in "examples/histories/headphones.yaml"

  Scenario: A dated post proves the date; whoever offers to pay is not sent away
    When the policy decides at 2026-04-13 14:05
    Then accept_proof about post is planned because of accept-any-reasonable-proof
    And deny_service is forbidden because of never-take-service-away
    And do_what_was_asked is planned because of do-what-was-rightly-asked

  Scenario: A proof that shows nothing need not be taken, and still nobody takes service away
    When at 2026-04-13 14:05 it becomes known that the reasonable of post in proofs is false
    And the policy decides at 2026-04-13 14:10
    Then accept_proof is not planned
    And deny_service is forbidden because of never-take-service-away

  Scenario: What the dealer turned away, head office fetches
    When the policy decides at 2026-04-13 15:00
    Then collect_product is planned because of collect-what-others-turned-away
    And collect_product is due at 2026-04-14 18:00
    When the policy decides at 2026-04-14 16:00
    Then collect_product is done

  Scenario: Looking back, one thing was wrong
    When the history is audited until 2026-04-20 18:00
    Then the breaches are exactly
      | at               | what         | kind      | rule                    |
      | 2026-04-13 14:10 | deny_service | forbidden | never-take-service-away |
