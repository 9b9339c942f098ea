package org.commissure.site.enrolment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.commissure.privacy.audit.Witness;
import org.commissure.protocol.UserError;
import org.commissure.site.membership.Membership;

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

    /** This site's own tensors and control variate of each run that has such. */
    public Path own() {
        return directory.resolve("own");
    }

    /** Proofs of the released sums that this site's masked vectors are in. */
    public Path receipts() {
        return directory.resolve("receipts");
    }

    /** What this site put into the sums of regional studies. */
    public Path regional() {
        return directory.resolve("regional");
    }

    /** The site's identity, after completing an enrolment that was interrupted. */
    public Membership openMembership(Clock clock) {
        Installation.complete(this);
        return Membership.open(identity(), coordinatorSigning(), clock);
    }

    /**
     * Claims the folder for this process; released when the channel is closed.
     *
     * @throws UserError if another process serves it
     */
    public FileChannel lock() {
        try {
            FileChannel channel = FileChannel.open(
                    directory.resolve("serve.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                // This very process holds it: refused below, as any other.
            }
            channel.close();
        } catch (IOException e) {
            throw new UserError("the site's folder " + directory + " cannot be written", "check its permissions", e);
        }
        throw new UserError(
                "the site at " + directory + " is served by another process already",
                "stop that process, or let it run: one is enough");
    }

    /** What this site saw of the federation's log. */
    public Path witness() {
        return directory.resolve("witness");
    }

    /** What the personal facts of this site's log entries stand for. */
    public Path openings() {
        return directory.resolve("openings");
    }

    /** @throws UserError if the site is not enrolled, or the witness is damaged */
    public Witness openWitness() {
        try {
            return Witness.open(witness(), readSettings().site(), Files.readString(logVerifierKey()));
        } catch (IOException e) {
            throw new UserError(logVerifierKey() + " cannot be read", "enrol the site again", e);
        }
    }

    public SiteSettings readSettings() {
        return SiteSettings.read(settings());
    }
}
