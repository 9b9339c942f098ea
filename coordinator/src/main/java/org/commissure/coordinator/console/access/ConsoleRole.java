package org.commissure.coordinator.console.access;

import java.util.Locale;
import java.util.Set;
import org.commissure.protocol.UserError;

/** What somebody who signed in may do. A role of the console only: it gives no certificate and signs nothing. */
public enum ConsoleRole {
    /** Reads studies, runs, reports, the log. */
    VIEWER(Set.of(Right.READ)),
    /** Reads that, and who read what. */
    OFFICER(Set.of(Right.READ, Right.READ_ACCESSES)),
    /** Reads what a viewer does; pauses, continues and cancels runs, and orders the queue. */
    COORDINATOR(Set.of(Right.READ, Right.STEER_RUNS)),
    /** Reads what a viewer does, and says who may sign in. */
    ADMINISTRATOR(Set.of(Right.READ, Right.MANAGE_USERS));

    /** What an endpoint asks for. */
    public enum Right {
        READ,
        READ_ACCESSES,
        STEER_RUNS,
        MANAGE_USERS
    }

    private final Set<Right> rights;

    ConsoleRole(Set<Right> rights) {
        this.rights = rights;
    }

    public boolean may(Right right) {
        return rights.contains(right);
    }

    /** As it is stored and typed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws UserError if there is no such role */
    public static ConsoleRole of(String word) {
        for (ConsoleRole role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new UserError("there is no role '" + word + "'", "choose viewer, officer, coordinator or administrator");
    }
}
