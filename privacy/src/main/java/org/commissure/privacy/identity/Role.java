package org.commissure.privacy.identity;

import java.util.Locale;

/** What a certificate's owner is in the federation. */
public enum Role {
    COORDINATOR,
    SITE,
    OPERATOR;

    /** As it stands in a certificate's name: lower case. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
