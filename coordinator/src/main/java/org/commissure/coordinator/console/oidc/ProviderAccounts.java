package org.commissure.coordinator.console.oidc;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import org.commissure.coordinator.console.access.ConsoleRole;
import org.commissure.coordinator.console.oidc.ProviderException.Kind;
import org.commissure.coordinator.storage.ConsoleIdentities;
import org.commissure.coordinator.storage.ConsoleIdentities.Identity;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.privacy.identity.SignedMessages;

/**
 * As which user somebody comes in for whom the provider vouched. An administrator's word goes first: a user who is bound to
 * the subject, or to the e-mail address until somebody came in by it. Else a claim gives the role, and an account of its own
 * whose name no administrator can give; it is looked at anew at each sign-in. Nobody else comes in. Thread-safe.
 */
public final class ProviderAccounts {
    /** No user that somebody adds has a colon in the name. */
    public static final String PREFIX = "oidc:";

    private static final int READABLE_CHARS = 48;
    private static final int DIGEST_BYTES = 4;

    private final ConsoleUsers users;
    private final ConsoleIdentities identities;
    private final Clock clock;

    public ProviderAccounts(ConsoleUsers users, ConsoleIdentities identities, Clock clock) {
        this.users = users;
        this.identities = identities;
        this.clock = clock;
    }

    /** What the access log calls somebody for whom there is no account. */
    public static String nameOf(VerifiedPerson person) {
        String readable = person.preferredName().replaceAll("[^A-Za-z0-9._@-]", "_");
        return PREFIX + readable.substring(0, Math.min(readable.length(), READABLE_CHARS));
    }

    /** @throws ProviderException if the person may not come in, with the reason */
    public ConsoleUsers.User admit(VerifiedPerson person, ProviderSettings settings) throws ProviderException {
        Optional<Identity> known = identities.bySubject(person.issuer(), person.subject());
        if (known.isPresent() && !known.get().granted()) {
            return enabled(known.get().name());
        }
        Optional<Identity> invited = person.email().flatMap(email -> identities.byEmail(person.issuer(), email));
        if (invited.isPresent()) {
            return firstTime(person, known, invited.get());
        }
        Optional<ConsoleRole> role = settings.roleOf(person.roleValues());
        return known.isPresent() ? again(person, known.get(), role) : provisioned(person, role);
    }

    /** An account that waits for whoever has this address. */
    private ConsoleUsers.User firstTime(VerifiedPerson person, Optional<Identity> granted, Identity invited)
            throws ProviderException {
        if (invited.subject().isPresent()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the user of this e-mail address is somebody else at the provider",
                    "if the address is yours now, have an administrator bind the user to it again");
        }
        granted.ifPresent(account -> users.remove(account.name()));
        if (!identities.pin(invited.name(), person.subject())) {
            throw new ProviderException(
                    Kind.REFUSED, "somebody else was signed in with this e-mail address just now", "begin again");
        }
        return enabled(invited.name());
    }

    private ConsoleUsers.User again(VerifiedPerson person, Identity known, Optional<ConsoleRole> role)
            throws ProviderException {
        var unused = enabled(known.name());
        if (role.isEmpty()) {
            users.remove(known.name()); // ends the sessions that are open
            throw noRole(person);
        }
        users.setRole(known.name(), role.get().word());
        return enabled(known.name());
    }

    private ConsoleUsers.User provisioned(VerifiedPerson person, Optional<ConsoleRole> role) throws ProviderException {
        String word = role.orElseThrow(() -> noRole(person)).word();
        String readable = nameOf(person);
        // Where neither is free, this person came back twice at one moment, and the other return added it.
        boolean unused = add(person, readable, word) || add(person, readable + "-" + digest(person), word);
        return enabled(identities
                .bySubject(person.issuer(), person.subject())
                .orElseThrow(() -> disabled(readable))
                .name());
    }

    private boolean add(VerifiedPerson person, String name, String role) {
        return identities.add(
                new ConsoleUsers.User(name, role, "", clock.instant()),
                new Identity(name, person.issuer(), Optional.of(person.subject()), Optional.empty(), true));
    }

    /** Tells two people apart whom the provider calls the same, one after the other. */
    private static String digest(VerifiedPerson person) {
        byte[] hash = SignedMessages.sha256(ByteString.copyFromUtf8(person.issuer() + "\0" + person.subject()))
                .toByteArray();
        return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    }

    private ConsoleUsers.User enabled(String name) throws ProviderException {
        return users.user(name).filter(user -> !user.disabled()).orElseThrow(() -> disabled(name));
    }

    private static ProviderException disabled(String name) {
        return new ProviderException(
                Kind.REFUSED, "the user " + name + " is disabled", "ask an administrator of this console");
    }

    private static ProviderException noRole(VerifiedPerson person) {
        return new ProviderException(
                Kind.REFUSED,
                person.preferredName() + " has no role at this console",
                "ask an administrator of this console for one; the provider's name for you is subject "
                        + person.subject());
    }
}
