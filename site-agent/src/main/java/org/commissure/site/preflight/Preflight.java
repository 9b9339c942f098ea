package org.commissure.site.preflight;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.site.connection.CoordinatorAddress;
import org.commissure.site.connection.ProxyFromEnvironment;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;

/**
 * Looks at everything that a site needs, from the name of the coordinator to the data folder, without changing
 * anything and without spending the invitation. Each failure comes with its remedy; later checks go on after one.
 *
 * @param addresses at which the coordinator may be; it is enough that one answers
 * @param rootSha256 of the federation's root, lower-case hex
 * @param home existing or to be made
 * @param identity of an enrolled site
 */
public record Preflight(
        List<CoordinatorAddress> addresses, String rootSha256, Path home, Path data, Optional<IdentityStore> identity) {

    /** Of an enrolled site. */
    public static Preflight of(SiteHome home) {
        SiteSettings settings = home.readSettings();
        return new Preflight(
                settings.addresses(),
                settings.authoritySha256(),
                home.directory(),
                Path.of(settings.data()),
                Optional.of(new IdentityStore(home.identity())));
    }

    /** Of a site that is about to enrol. */
    public static Preflight of(Invitation invitation, Path home, Path data) {
        return new Preflight(
                List.of(new CoordinatorAddress(invitation.host(), invitation.port())),
                invitation.authoritySha256(),
                home,
                data,
                Optional.empty());
    }

    public List<Finding> run(Clock clock) {
        CoordinatorAddress answering = addresses.getFirst();
        List<Finding> findings = new ArrayList<>(network(answering));
        for (CoordinatorAddress next : addresses.subList(1, addresses.size())) {
            List<Finding> found = network(next);
            if (!reached(findings) && reached(found)) {
                findings = new ArrayList<>(found);
                answering = next;
            }
        }
        findings.addAll(new TrustChecks(answering, rootSha256, identity).run(reached(findings), clock));
        findings.addAll(new MachineChecks(home, data).run());
        return List.copyOf(findings);
    }

    private static List<Finding> network(CoordinatorAddress address) {
        return new NetworkChecks(address.host(), address.port(), ProxyFromEnvironment.ofProcess()).run();
    }

    private static boolean reached(List<Finding> findings) {
        return findings.stream().allMatch(Finding::ok);
    }
}
