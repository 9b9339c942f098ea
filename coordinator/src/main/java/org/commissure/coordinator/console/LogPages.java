package org.commissure.coordinator.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.commissure.privacy.audit.Cosignature;
import org.commissure.privacy.audit.FirstBadEntry;
import org.commissure.privacy.audit.KeptCheckpoint;
import org.commissure.privacy.audit.LogReader;
import org.commissure.privacy.audit.LogVerification;
import org.commissure.privacy.audit.LogVerifier;
import org.commissure.privacy.audit.LoggedEntry;
import org.commissure.protocol.UserError;
import org.jspecify.annotations.Nullable;

/** The transparency log, page by page, and its verification. Thread-safe. */
final class LogPages {
    private final Sources sources;

    LogPages(Sources sources) {
        this.sources = sources;
    }

    /** One entry, as it was signed. */
    record Entry(
            long index,
            Instant at,
            String actor,
            String action,
            String outcome,
            String runId,
            int round,
            String detail,
            Map<String, String> facts) {}

    /**
     * The newest checkpoint.
     *
     * @param note as it is signed
     * @param commands what somebody runs who does not believe this server
     */
    record Checkpoint(long entries, String rootSha256, String note, List<String> commands) {}

    /**
     * What this server computed over every entry just now.
     *
     * @param seconds that it took
     * @param problem what does not fit; null if all does
     * @param commands what an officer runs, on a copy of his own: this server vouches for nothing
     */
    record Verification(
            boolean ok,
            long entries,
            String rootSha256,
            String origin,
            String authoritySha256,
            String verifierKey,
            List<Cosignature> witnesses,
            @Nullable String problem,
            double seconds,
            List<String> commands) {}

    Page<Entry> list(Page.Window window) {
        KeptCheckpoint checkpoint = open(KeptCheckpoint.note(sources.log()));
        long until = Math.max(0, checkpoint.size() - window.offset());
        long from = Math.max(0, until - window.limit());
        List<Entry> newestFirst = LogReader.read(sources.log(), from, until).reversed().stream()
                .map(LogPages::entry)
                .toList();
        return new Page<>(checkpoint.size(), window.offset(), newestFirst);
    }

    private static Entry entry(LoggedEntry logged) {
        Map<String, String> facts = new LinkedHashMap<>();
        logged.entry().getFactList().forEach(fact -> facts.put(fact.getName(), fact.getValue()));
        return new Entry(
                logged.index(),
                Instant.ofEpochMilli(logged.entry().getTimeUnixMs()),
                logged.actorName(),
                logged.entry().getAction(),
                logged.entry().getOutcome().name().toLowerCase(Locale.ROOT),
                logged.entry().getRunId(),
                logged.entry().getRound(),
                logged.entry().getDetail(),
                facts);
    }

    Checkpoint checkpoint() {
        String note = KeptCheckpoint.note(sources.log());
        KeptCheckpoint checkpoint = open(note);
        return new Checkpoint(checkpoint.size(), checkpoint.rootHex(), note, commands());
    }

    private KeptCheckpoint open(String note) {
        return KeptCheckpoint.open(sources.log(), note)
                .orElseThrow(() -> new UserError(
                        "the log's checkpoint is not signed with the log's key",
                        "run 'commissure audit verify' on the log and restore it from its backup"));
    }

    /** Reads the whole log. */
    synchronized Verification verify() {
        long before = System.nanoTime();
        LogVerification result = LogVerifier.verify(sources.log());
        Optional<String> problem =
                result.problem().or(() -> result.firstBadEntry().map(LogPages::words));
        return new Verification(
                result.ok(),
                result.size(),
                result.rootHex(),
                result.origin(),
                result.authoritySha256(),
                result.verifierKey(),
                result.cosignatures(),
                problem.orElse(null),
                (System.nanoTime() - before) / 1e9,
                commands());
    }

    private static String words(FirstBadEntry bad) {
        return "entry " + bad.index() + ": " + bad.problem();
    }

    private List<String> commands() {
        return sources.logAddress().isEmpty()
                ? List.of("commissure audit verify " + sources.log() + " --authority FINGERPRINT")
                : List.of(
                        "commissure audit copy " + sources.logAddress() + " my-copy-of-the-log --home SITE-HOME",
                        "commissure audit verify my-copy-of-the-log --authority FINGERPRINT");
    }
}
