package org.commissure.site.enrolment;

import java.nio.file.Path;

/** What lies where in a site's folder. */
public record SiteHome(Path directory) {
    public Path settings() {
        return directory.resolve("site.toml");
    }

    public Path policy() {
        return directory.resolve("policy.toml");
    }

    /** Keys and certificates. */
    public Path identity() {
        return directory.resolve("identity");
    }

    /** The coordinator's signing certificate, DER: every invitation and result must be signed with it. */
    public Path coordinatorSigning() {
        return identity().resolve("coordinator-signing.der");
    }

    /** The verifier key of the federation's log. */
    public Path logVerifierKey() {
        return identity().resolve("log.vkey");
    }

    public Path database() {
        return directory.resolve("site.db");
    }

    /** The privacy ledger; outlives every study. */
    public Path ledger() {
        return directory.resolve("ledger.jsonl");
    }

    /** Masked vectors on their way out. */
    public Path outgoing() {
        return directory.resolve("outgoing");
    }

    /** Released models by their hash. */
    public Path models() {
        return directory.resolve("models");
    }

    /** What this site put into the sums of regional studies. */
    public Path regional() {
        return directory.resolve("regional");
    }

    public SiteSettings readSettings() {
        return SiteSettings.read(settings());
    }
}
