package org.commissure.site.retention;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.commissure.privacy.durable.DurableFile;
import org.commissure.protocol.UserError;
import org.commissure.site.enrolment.SiteHome;
import org.commissure.site.storage.SumRow;
import org.commissure.site.storage.SumStore;

/**
 * Deletes what runs left in {@code own/} and {@code outgoing/}: a site's own tensors and control variates, and masked vectors
 * and checkpoints of attempts that a crash or a vanished coordinator left behind. Files of the newest run stay, because it may
 * be under way or paused. Ledger, receipts, seals and signed entries are never touched: audits read them. The agent may serve
 * meanwhile.
 */
public final class SiteRetention {
    private final SiteHome home;
    private final SumStore sums;
    private final Clock clock;

    public SiteRetention(SiteHome home, SumStore sums, Clock clock) {
        this.home = home;
        this.sums = sums;
        this.clock = clock;
    }

    /** Every such file, and whether it was last written more than {@code olderThan} ago and is of no run under way. */
    public List<KeptFile> plan(Duration olderThan) {
        Optional<String> newest = sums.newest(1).stream()
                .map(SumRow::sum)
                .map(sum -> sum.getRunId())
                .findFirst();
        Instant before = clock.instant().minus(olderThan);
        return Stream.concat(
                        files(
                                home.own(),
                                "the model as this site personalised it in that run; a run of it begins from"
                                        + " the released values"),
                        files(home.outgoing(), "nothing: the attempt is over"))
                .map(file -> judged(file, before, newest))
                .toList();
    }

    /** Deletes what {@link #plan} takes. @return what was deleted */
    public List<KeptFile> apply(Duration olderThan) {
        List<KeptFile> going = plan(olderThan).stream().filter(KeptFile::goes).toList();
        for (KeptFile file : going) {
            try {
                var unused = DurableFile.delete(home.directory().resolve(file.file()));
            } catch (IOException e) {
                throw new UserError(
                        file.file() + " cannot be deleted: " + e.getMessage(), "check the folder's permissions", e);
            }
        }
        return going;
    }

    private record Found(Path file, String loses) {}

    private static Stream<Found> files(Path folder, String loses) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> listing = Files.list(folder)) {
            return listing.filter(Files::isRegularFile).sorted().map(file -> new Found(file, loses)).toList().stream();
        } catch (IOException e) {
            throw new UserError(folder + " cannot be read: " + e.getMessage(), "check its permissions", e);
        }
    }

    private KeptFile judged(Found found, Instant before, Optional<String> newest) {
        String name = found.file().getFileName().toString();
        boolean underWay = newest.filter(run -> isOf(name, run)).isPresent();
        try {
            Instant modified = Files.getLastModifiedTime(found.file()).toInstant();
            return new KeptFile(
                    home.directory().relativize(found.file()).toString(),
                    Files.size(found.file()),
                    modified.toString(),
                    !underWay && modified.isBefore(before),
                    found.loses());
        } catch (IOException e) {
            throw new UserError(found.file() + " cannot be read: " + e.getMessage(), "check its permissions", e);
        }
    }

    /** Both folders replace characters that file names do not have, one of them the dot too. */
    private static boolean isOf(String file, String run) {
        return file.startsWith(run.replaceAll("[^A-Za-z0-9._-]", "_"))
                || file.startsWith(run.replaceAll("[^A-Za-z0-9_-]", "_"));
    }
}
