package org.commissure.coordinator.console.oidc;

import java.util.List;
import java.util.Optional;

/**
 * Somebody for whom the provider vouched, by a checked ID token.
 *
 * @param subject the provider's own, lasting name of the person
 * @param email only where the provider says that it verified it
 * @param preferredName what the person is called there: that e-mail address, else the user name, else the subject. A hint: the
 *     provider may give it to somebody else tomorrow
 * @param roleValues of the claim that gives roles; empty where there is none
 */
public record VerifiedPerson(
        String issuer, String subject, Optional<String> email, String preferredName, List<String> roleValues) {
    public VerifiedPerson {
        roleValues = List.copyOf(roleValues);
    }
}
