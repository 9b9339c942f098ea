package org.commissure.coordinator.console;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.commissure.coordinator.console.access.LoginGuard;
import org.commissure.coordinator.console.oidc.ProviderAccounts;
import org.commissure.coordinator.console.oidc.ProviderException;
import org.commissure.coordinator.console.oidc.ProviderFlow;
import org.commissure.coordinator.console.oidc.ProviderSettings;
import org.commissure.coordinator.console.oidc.VerifiedPerson;
import org.commissure.coordinator.storage.ConsoleUsers;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sign-in through the OpenID provider. The browser leaves by a script of our page and comes back to a page of ours, which
 * hands on what the provider said: that request is the console's own, so that every cookie stays {@code SameSite=Strict} and
 * the policy needs no exception. Thread-safe.
 */
final class ProviderSignIn {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderSignIn.class);
    private static final String WHAT = "sign-in through the provider";

    private final ProviderFlow flow;
    private final ProviderAccounts accounts;
    private final SignIn signIn;
    private final LoginGuard guard;
    private final AccessLog accesses;

    ProviderSignIn(ProviderFlow flow, ProviderAccounts accounts, SignIn signIn, LoginGuard guard, AccessLog accesses) {
        this.flow = flow;
        this.accounts = accounts;
        this.signIn = signIn;
        this.guard = guard;
        this.accesses = accesses;
    }

    /** What the sign-in page offers. @param label of the button; null where no provider is set */
    record Offer(@Nullable String label) {}

    /** Where the browser goes. */
    record Begun(String address) {}

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                                "/oidc",
                                "Whether people may sign in through an OpenID provider, and how the button is labelled.",
                                Offer.class,
                                call -> Endpoint.Reply.of(offer()))
                        .forAnybody(),
                Endpoint.post(
                                "/oidc/begin",
                                "Begins a sign-in through the provider: answers with the address to go to.",
                                Begun.class,
                                this::begin)
                        .forAnybody(),
                Endpoint.post(
                                "/oidc/session",
                                "Ends it, at the provider's redirect URI: state, and code or error, and iss where the"
                                        + " provider says it, in the body.",
                                SignIn.Who.class,
                                this::end)
                        .forAnybody());
    }

    /** @throws Problem where none is set, or not rightly */
    ProviderSettings settings() {
        return known().orElseThrow(() -> new Problem(
                409, "no OpenID provider is set", "the operator sets one with 'coordinator console oidc set'"));
    }

    private Optional<ProviderSettings> known() {
        try {
            return flow.settings();
        } catch (UserError e) {
            LOG.warn("nobody can sign in through the provider: {}", e.getMessage());
            throw new Problem(
                    503,
                    "sign-in through the provider is not set up rightly",
                    "sign in with a password; the operator finds the reason in the process log");
        }
    }

    private Offer offer() {
        return new Offer(known().map(ProviderSettings::label).orElse(null));
    }

    private Endpoint.Reply begin(Endpoint.Call call) {
        ProviderSettings settings = settings();
        String own = URI.create(settings.redirectUri()).getRawAuthority();
        if (!own.equalsIgnoreCase(call.host())) {
            throw new Problem(
                    409,
                    "the provider sends people back to https://" + own + ", and this is https://" + call.host(),
                    "open the console there to sign in through the provider");
        }
        requirePatience(call);
        try {
            ProviderFlow.Leaving leaving = flow.begin(settings, call.address());
            guard.succeeded(call.address());
            return new Endpoint.Reply(
                    new Begun(leaving.address().toString()), Map.of(Gate.LEAVING_COOKIE, leaving.token()));
        } catch (ProviderException e) {
            LOG.warn("nobody can sign in through the provider: {}", e.getMessage());
            throw refused("", call, e);
        }
    }

    private Endpoint.Reply end(Endpoint.Call call) {
        ProviderSettings settings = settings();
        requirePatience(call);
        VerifiedPerson person = verified(call, settings);
        ConsoleUsers.User user;
        try {
            user = accounts.admit(person, settings);
        } catch (ProviderException e) {
            throw refused(ProviderAccounts.nameOf(person), call, e);
        }
        guard.succeeded(call.address());
        accesses.done(user.name(), call.address(), WHAT);
        Endpoint.Reply begun = signIn.begin(call, user, true);
        Map<String, String> cookies = new HashMap<>(begun.cookies());
        cookies.put(Gate.LEAVING_COOKIE, "");
        return new Endpoint.Reply(begun.body(), cookies);
    }

    /** An address that fails again and again waits, as with passwords. */
    private void requirePatience(Endpoint.Call call) {
        signIn.requireNoWait(guard.begin(call.address()), "", call, WHAT);
    }

    private VerifiedPerson verified(Endpoint.Call call, ProviderSettings settings) {
        try {
            return flow.finish(
                    settings,
                    new ProviderFlow.Returned(
                            call.leaving(),
                            call.text("state"),
                            call.text("code"),
                            call.text("iss"),
                            call.text("error")));
        } catch (ProviderException e) {
            throw refused("", call, e);
        }
    }

    /** Written down, and said to the person. */
    private Problem refused(String who, Endpoint.Call call, ProviderException why) {
        String said = String.valueOf(why.getMessage());
        accesses.refused(who, call.address(), WHAT, said);
        int status = switch (why.kind()) {
            case UNREACHABLE -> 503;
            case UNTRUSTED -> 401;
            case REFUSED -> 403;
        };
        return new Problem(status, said, why.remedy());
    }
}
