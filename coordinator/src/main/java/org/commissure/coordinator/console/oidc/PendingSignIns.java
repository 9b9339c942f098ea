package org.commissure.coordinator.console.oidc;

import com.google.protobuf.ByteString;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.commissure.privacy.identity.SignedMessages;

/**
 * Sign-ins that went to the provider and are not back. Each belongs to one browser, by a token in a cookie of which only the
 * hash is kept; it is good for ten minutes and for one return. Kept in memory: a restart forgets. Thread-safe.
 */
final class PendingSignIns {
    static final Duration LIFE = Duration.ofMinutes(10);
    private static final int TOKEN_BYTES = 32;
    /** Beyond it the oldest are forgotten, so that beginnings cannot fill the memory. */
    private static final int MAXIMUM = 10_000;
    /** One address ends its own oldest first: a flood from one does not end the sign-ins of others. */
    private static final int MAXIMUM_BY_ADDRESS = 100;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<ByteString, Pending> waiting = new LinkedHashMap<>();

    PendingSignIns(Clock clock) {
        this.clock = clock;
    }

    /**
     * One of them.
     *
     * @param settings as they were when it began; others since then end it
     */
    record Pending(
            State state, Nonce nonce, CodeVerifier verifier, ProviderSettings settings, String address, Instant until) {
        /** Without what only the browser or the provider may know. */
        @Override
        public String toString() {
            return "Pending[until=" + until + "]";
        }
    }

    /** @param token for the browser's cookie */
    record Begun(String token, Pending pending) {}

    synchronized Begun begin(ProviderSettings settings, String address) {
        Instant now = clock.instant();
        waiting.values().removeIf(pending -> !now.isBefore(pending.until()));
        if (waiting.values().stream()
                        .filter(pending -> pending.address().equals(address))
                        .count()
                >= MAXIMUM_BY_ADDRESS) {
            removeOldest(Optional.of(address));
        }
        if (waiting.size() >= MAXIMUM) {
            removeOldest(Optional.empty());
        }
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Pending pending = new Pending(
                new State(TOKEN_BYTES), new Nonce(TOKEN_BYTES), new CodeVerifier(), settings, address, now.plus(LIFE));
        waiting.put(hash(token), pending);
        return new Begun(token, pending);
    }

    private void removeOldest(Optional<String> address) {
        Iterator<Pending> oldestFirst = waiting.values().iterator();
        while (oldestFirst.hasNext()) {
            Pending pending = oldestFirst.next();
            if (address.isEmpty() || pending.address().equals(address.get())) {
                oldestFirst.remove();
                return;
            }
        }
    }

    /** The one that this browser began with this state; it is used up by that. */
    synchronized Optional<Pending> take(String token, String state) {
        ByteString key = hash(token);
        Optional<Pending> pending = Optional.ofNullable(waiting.get(key))
                .filter(begun -> clock.instant().isBefore(begun.until()))
                .filter(begun -> same(begun.state().getValue(), state));
        pending.ifPresent(found -> waiting.remove(key));
        return pending;
    }

    private static boolean same(String expected, String shown) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    private static ByteString hash(String token) {
        return SignedMessages.sha256(ByteString.copyFromUtf8(token));
    }
}
