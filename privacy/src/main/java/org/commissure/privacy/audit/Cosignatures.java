package org.commissure.privacy.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.commissure.protocol.v1.Fact;
import org.commissure.protocol.v1.LogEntry;

/**
 * The keys of a log's witnesses, as the log itself introduces them: the entry {@link
 * Actions#WITNESS_KEY}, signed by the site whose agent the witness is, names its key. A later key of
 * the same site stands beside the earlier. Not thread-safe.
 */
final class Cosignatures {
    static final String KEY_FACT = "vkey";

    private final String origin;
    private final Map<String, List<NoteKey.Verifier>> keys = new HashMap<>();

    /** @param origin of the log; a witness is named {@code <origin>/<site>} */
    Cosignatures(String origin) {
        this.origin = origin;
    }

    /** The name that the witness of {@code site} must have. */
    static String name(String origin, String site) {
        return origin + "/" + site;
    }

    /** Takes note of a witness's key, if that is what {@code entry} tells; its signature must be verified. */
    void introduce(LogEntry entry) {
        if (!entry.getAction().equals(Actions.WITNESS_KEY)) {
            return;
        }
        for (Fact fact : entry.getFactList()) {
            if (fact.getName().equals(KEY_FACT)) {
                try {
                    NoteKey.Verifier key = NoteKey.Verifier.parse(NoteKey.Kind.WITNESS, fact.getValue());
                    if (key.name().equals(name(origin, entry.getActor()))) {
                        keys.computeIfAbsent(key.name(), name -> new ArrayList<>())
                                .add(key);
                    }
                } catch (IllegalArgumentException e) {
                    // a key that cannot be read introduces nobody
                }
            }
        }
    }

    /** What the lines under a checkpoint prove. */
    record Judgement(List<Cosignature> good, List<String> unproven) {}

    /**
     * @param note whose first signature, by the log, was verified
     * @param log the log's own key
     */
    Judgement judge(SignedNote note, long size, NoteKey.Verifier log) {
        List<Cosignature> good = new ArrayList<>();
        List<String> unproven = new ArrayList<>();
        for (SignedNote.Line line : note.signatures()) {
            if (log.signed(note.text(), line)) {
                continue;
            }
            List<Instant> times = keys.getOrDefault(line.keyName(), List.of()).stream()
                    .flatMap(key -> key.cosigned(note.text(), line).stream())
                    .toList();
            if (times.isEmpty()) {
                unproven.add(line.keyName());
            } else {
                good.add(new Cosignature(line.keyName(), size, times.getFirst()));
            }
        }
        return new Judgement(good, unproven);
    }
}
