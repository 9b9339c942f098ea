package org.commissure.site.preflight;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.protocol.UserError;
import org.commissure.site.connection.CoordinatorAddress;
import org.commissure.site.connection.CoordinatorClock;

/** Whether the one that answers is the coordinator, whether the clocks agree, and whether this site's keys are good. */
record TrustChecks(CoordinatorAddress address, String rootSha256, Optional<IdentityStore> identity) {

    List<Finding> run(boolean reachable, Clock clock) {
        List<Finding> findings = new ArrayList<>();
        if (reachable) {
            Optional<Duration> ahead = CoordinatorClock.ahead(address, rootSha256, clock);
            findings.add(
                    ahead.isPresent()
                            ? Finding.good("coordinator", "its certificate descends from root " + rootSha256)
                            : Finding.bad(
                                    "coordinator",
                                    address + " does not show a coordinator of root " + rootSha256,
                                    "check host and port, compare the root's fingerprint with the operator by"
                                            + " telephone, and make sure that no proxy opens TLS"));
            ahead.map(TrustChecks::clock).ifPresent(findings::add);
        }
        identity.map(store -> certificate(store, clock.instant())).ifPresent(findings::add);
        return findings;
    }

    private static Finding clock(Duration ahead) {
        String words = CoordinatorClock.words(ahead);
        return ahead.abs().compareTo(CoordinatorClock.TOLERATED) <= 0
                ? Finding.good("clock", words)
                : Finding.bad("clock", words, CoordinatorClock.REMEDY);
    }

    private static Finding certificate(IdentityStore store, Instant now) {
        try {
            X509Certificate tls = store.loadTls().certificate();
            var unused = store.loadSigning();
            Instant until = tls.getNotAfter().toInstant();
            return now.isBefore(until)
                    ? Finding.good("certificate", "this site's is good until " + until)
                    : Finding.bad(
                            "certificate",
                            "this site's ended on " + until,
                            "ask the operator for a new invitation, then: commissure site enrol --again");
        } catch (UserError e) {
            return Finding.bad("certificate", String.valueOf(e.getMessage()), e.remedy());
        }
    }
}
