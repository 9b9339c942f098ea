package org.commissure.site.connection;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.commissure.privacy.identity.TimelessTrustManager;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.FederationGrpc;
import org.commissure.protocol.v1.NowRequest;

/**
 * Tells a wrong clock from a bad certificate: asks the coordinator for its time over a connection that proves who it
 * is by its key and name, and leaves the dates in its certificate aside.
 */
public final class CoordinatorClock {
    /** Certificates tolerate five minutes; beyond two somebody should do something. */
    public static final Duration TOLERATED = Duration.ofMinutes(2);

    private static final int DEADLINE_SECONDS = 10;

    private CoordinatorClock() {}

    /**
     * How far this machine's clock is ahead of the coordinator's; negative where it is behind.
     *
     * @param rootSha256 the federation's root, lower-case hex
     * @return empty where the coordinator cannot be asked
     */
    public static Optional<Duration> ahead(CoordinatorAddress address, String rootSha256, Clock clock) {
        ManagedChannel channel;
        try {
            channel = SiteChannel.forEnrolment(address, new TimelessTrustManager(rootSha256));
        } catch (SSLException e) {
            return Optional.empty();
        }
        try {
            long before = clock.millis();
            long there = FederationGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .now(NowRequest.getDefaultInstance())
                    .getCoordinatorTimeUnixMs();
            return Optional.of(Duration.ofMillis((before + clock.millis()) / 2 - there));
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        } finally {
            channel.shutdownNow();
        }
    }

    /** What to tell a person, where the clock is so far off that certificates are refused for it. */
    public static Optional<UserError> problem(CoordinatorAddress address, String rootSha256, Clock clock) {
        return ahead(address, rootSha256, clock)
                .filter(ahead -> ahead.abs().compareTo(TOLERATED) > 0)
                .map(ahead -> new UserError(words(ahead), REMEDY));
    }

    public static final String REMEDY =
            "set up time synchronisation on this machine (for example: timedatectl set-ntp true) and start again";

    /** For example "your clock is 47 minutes ahead of the coordinator's". */
    public static String words(Duration ahead) {
        Duration off = ahead.abs();
        String amount = off.compareTo(TOLERATED) < 0
                ? off.toSeconds() + " seconds"
                : off.compareTo(Duration.ofDays(2)) < 0
                        ? Math.round(off.toSeconds() / 60.0) + " minutes"
                        : Math.round(off.toHours() / 24.0) + " days";
        return "your clock is " + amount + (ahead.isNegative() ? " behind" : " ahead of") + " the coordinator's";
    }
}
