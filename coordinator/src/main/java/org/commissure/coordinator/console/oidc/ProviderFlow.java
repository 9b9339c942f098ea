package org.commissure.coordinator.console.oidc;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commissure.coordinator.console.oidc.ProviderException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The two halves of a sign-in through the provider: away from here, and back. The settings are read anew at each, so that a
 * change counts at once; nothing is asked of the provider before somebody wants to sign in, so that a provider that is down
 * keeps nothing else from working. Thread-safe.
 */
public final class ProviderFlow implements AutoCloseable {
    private static final Duration DOCUMENT_KEPT = Duration.ofHours(1);
    /** Whoever presses the button again and again does not make us press the provider. */
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(10);
    /** RFC 6749, section 4.1.2.1. */
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,64}");

    private static final int MAXIMUM_CODE_CHARS = 4096;

    private final Path home;
    private final Clock clock;
    private final PendingSignIns pending;
    private volatile @Nullable Known known;

    public ProviderFlow(Path home, Clock clock) {
        this.home = home;
        this.clock = clock;
        this.pending = new PendingSignIns(clock);
    }

    /** The provider, or why there is none, for a while. */
    private record Known(
            ProviderSettings settings,
            ProviderHttp http,
            @Nullable Provider provider,
            @Nullable ProviderException problem,
            Instant until) {}

    /**
     * Somebody who leaves for the provider.
     *
     * @param token for a cookie that only this console's own pages send
     */
    public record Leaving(String token, URI address) {
        @Override
        public String toString() {
            return "Leaving";
        }
    }

    /**
     * Somebody who is back, with what the provider put into the address.
     *
     * @param token of the cookie
     * @param issuer of RFC 9207; empty where the provider does not say it
     * @param error why there is no code; empty where there is one
     */
    public record Returned(String token, String state, String code, String issuer, String error) {
        @Override
        public String toString() {
            return "Returned";
        }
    }

    /** Empty where no provider is set. @throws UserError if the settings are damaged */
    public Optional<ProviderSettings> settings() {
        return ProviderSettings.read(home);
    }

    /** @param address of the network peer @throws ProviderException if the provider cannot be asked */
    public Leaving begin(ProviderSettings settings, String address) throws ProviderException {
        Provider provider = provider(settings);
        PendingSignIns.Begun begun = pending.begin(settings, address);
        return new Leaving(begun.token(), provider.authorization(begun.pending()));
    }

    /** @throws ProviderException if this browser did not begin it, it was used already, or the provider does not vouch */
    public VerifiedPerson finish(ProviderSettings settings, Returned returned) throws ProviderException {
        PendingSignIns.Pending begun = pending.take(returned.token(), returned.state())
                .orElseThrow(() -> new ProviderException(
                        Kind.UNTRUSTED,
                        "this sign-in was not begun here, is used already, or took longer than "
                                + PendingSignIns.LIFE.toMinutes() + " minutes",
                        "begin again on this page"));
        if (!begun.settings().equals(settings)) {
            throw new ProviderException(
                    Kind.UNTRUSTED, "the provider's settings changed meanwhile", "begin again on this page");
        }
        Provider provider = provider(settings);
        provider.requireIssuer(returned.issuer());
        if (!returned.error().isEmpty() || returned.code().isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the provider did not sign you in: "
                            + (ERROR_CODE.matcher(returned.error()).matches() ? returned.error() : "no reason"),
                    "begin again, or ask the provider's administrators");
        }
        if (returned.code().length() > MAXIMUM_CODE_CHARS) {
            throw new ProviderException(Kind.UNTRUSTED, "the provider's code is too long", "begin again on this page");
        }
        return provider.redeem(returned.code(), begun);
    }

    /** Where somebody who signed in through the provider ends the session there; empty where that is not known. */
    public Optional<URI> signOut() {
        Known last = known;
        return last == null || last.provider() == null
                ? Optional.empty()
                : last.provider().signOut();
    }

    private synchronized Provider provider(ProviderSettings settings) throws ProviderException {
        Known last = known;
        if (last == null
                || !last.settings().equals(settings)
                || !clock.instant().isBefore(last.until())) {
            last = discover(settings, last);
            known = last;
        }
        if (last.problem() != null) {
            throw last.problem();
        }
        if (last.provider() == null) {
            throw new IllegalStateException("neither a provider nor a reason");
        }
        return last.provider();
    }

    private Known discover(ProviderSettings settings, @Nullable Known last) {
        if (last != null) {
            last.http().release();
        }
        ProviderHttp http = new ProviderHttp(settings.authorities());
        try {
            Provider found = Provider.discover(settings, http);
            return new Known(settings, http, found, null, clock.instant().plus(DOCUMENT_KEPT));
        } catch (ProviderException e) {
            return new Known(settings, http, null, e, clock.instant().plus(FAILURE_KEPT));
        }
    }

    /** Asks the provider once whether it can be used so. @throws UserError if not, with what to do */
    public static void check(ProviderSettings settings) {
        try (ProviderHttp http = new ProviderHttp(settings.authorities())) {
            var unused = Provider.discover(settings, http);
        } catch (ProviderException e) {
            throw e.asUserError();
        }
    }

    @Override
    public synchronized void close() {
        Known last = known;
        if (last != null) {
            last.http().release();
        }
    }
}
