package org.commissure.site.preflight;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commissure.privacy.identity.IdentityStore;
import org.commissure.privacy.identity.Invitation;
import org.commissure.site.connection.ProxyFromEnvironment;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.enrolment.SiteSettings;

/**
 * Looks at everything that a site needs, from the name of the coordinator to the data folder, without changing
 * anything and without spending the invitation. Each failure comes with its remedy; later checks go on after one.
 *
 * @param host of the coordinator
 * @param rootSha256 of the federation's root, lower-case hex
 * @param home existing or to be made
 * @param identity of an enrolled site
 */
public record Preflight(
        String host, int port, String rootSha256, Path home, Path data, Optional<IdentityStore> identity) {

    /** Of an enrolled site. */
    public static Preflight of(SiteHome home) {
        SiteSettings settings = home.readSettings();
        return new Preflight(
                settings.coordinatorHost(),
                settings.coordinatorPort(),
                settings.authoritySha256(),
                home.directory(),
                Path.of(settings.data()),
                Optional.of(new IdentityStore(home.identity())));
    }

    /** Of a site that is about to enrol. */
    public static Preflight of(Invitation invitation, Path home, Path data) {
        return new Preflight(
                invitation.host(), invitation.port(), invitation.authoritySha256(), home, data, Optional.empty());
    }

    public List<Finding> run(Clock clock) {
        List<Finding> findings = new ArrayList<>(new NetworkChecks(host, port, ProxyFromEnvironment.ofProcess()).run());
        boolean reachable = findings.stream().allMatch(Finding::ok);
        findings.addAll(new TrustChecks(host, port, rootSha256, identity).run(reachable, clock));
        findings.addAll(new MachineChecks(home, data).run());
        return List.copyOf(findings);
    }
}
