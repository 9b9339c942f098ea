package org.commissure.privacy.identity;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a certificate's owner is in the federation. */
public enum Role {
    COORDINATOR("coordinator"),
    SITE("site"),
    /** Invites and revokes members, starts and cancels runs. */
    OPERATOR("coordinator-operator"),
    /** Runs a hospital's agent. */
    SITE_ADMIN("site-admin"),
    /** Approves and refuses studies for a hospital's data. */
    DATA_STEWARD("data-steward"),
    /** Reads the log and what it proves. */
    PRIVACY_OFFICER("privacy-officer"),
    /** Reads results. */
    NEUROSCIENTIST("neuroscientist");

    private static final Set<Role> MACHINES = EnumSet.of(COORDINATOR, SITE);

    private final String text;

    Role(String text) {
        this.text = text;
    }

    /** As it stands in a certificate's name. */
    public String text() {
        return text;
    }

    /** Whether the owner is a person; the other two are machines. */
    public boolean isPerson() {
        return !MACHINES.contains(this);
    }

    /** The role of that {@link #text}. */
    public static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text.equals(text)).findFirst();
    }
}
