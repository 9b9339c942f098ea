package org.commissure.privacy.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.commissure.privacy.durable.PendingFile;
import org.commissure.protocol.UserError;

/**
 * A ZIP of facts for whoever helps. Each file is made from chosen facts, never copied, and passes the {@link Redaction};
 * one that cannot be made says why, and the others are there. {@code MANIFEST.json} names every file and its reason. Not
 * thread-safe.
 */
public final class SupportBundle {
    /** The last file of a bundle. */
    public static final String MANIFEST = "MANIFEST.json";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final String kind;
    private final Redaction redaction;
    private final List<Part> parts = new ArrayList<>();

    private record Part(String name, String why, Callable<?> facts) {}

    /**
     * One file of a bundle.
     *
     * @param bytes 0 in a plan that was not carried out
     */
    public record Entry(String name, String why, long bytes) {}

    /** @param kind {@code coordinator} or {@code site} */
    public SupportBundle(String kind, Redaction redaction) {
        this.kind = kind;
        this.redaction = redaction;
    }

    /**
     * Adds a file.
     *
     * @param facts a text as it is, anything else as JSON; asked when the bundle is written
     */
    public SupportBundle add(String name, String why, Callable<?> facts) {
        parts.add(new Part(name, why, facts));
        return this;
    }

    /** What would be written. */
    public List<Entry> plan() {
        return parts.stream().map(part -> new Entry(part.name(), part.why(), 0)).toList();
    }

    /**
     * Writes {@code out}, for its owner only.
     *
     * @throws UserError if it exists or cannot be written
     */
    public List<Entry> write(Path out, Clock clock) {
        Path file = out.toAbsolutePath().normalize();
        Path folder = file.getParent();
        if (Files.exists(file) || folder == null) {
            throw new UserError(out + " exists already", "name a file that does not exist yet");
        }
        List<Entry> entries = new ArrayList<>();
        try (PendingFile pending = PendingFile.secretIn(folder)) {
            ZipOutputStream zip = new ZipOutputStream(pending.stream(), StandardCharsets.UTF_8);
            Instant now = clock.instant();
            for (Part part : parts) {
                entries.add(new Entry(part.name(), part.why(), put(zip, part.name(), text(part), now)));
            }
            Map<String, Object> manifest = new LinkedHashMap<>();
            manifest.put("kind", kind);
            manifest.put("created", now.toString());
            manifest.put(
                    "left_out",
                    "keys, passwords, tokens, patients' ids, series, updates, models; see the redaction marks");
            manifest.put("files", entries);
            put(zip, MANIFEST, JSON.writeValueAsString(manifest), now);
            zip.finish();
            pending.commit(file.getFileName().toString());
        } catch (IOException e) {
            throw new UserError(
                    "the bundle " + out + " cannot be written: " + e.getMessage(),
                    "check free space and permissions",
                    e);
        }
        return List.copyOf(entries);
    }

    private static long put(ZipOutputStream zip, String name, String text, Instant now) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(LocalDateTime.ofInstant(now, ZoneOffset.UTC));
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
        return bytes.length;
    }

    /** What a part says; a home that is damaged is the very reason for which a bundle is made. */
    @SuppressWarnings("IllegalCatch")
    private String text(Part part) throws JsonProcessingException {
        Object facts;
        try {
            facts = part.facts().call();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            facts = "cannot be told: " + e.getClass().getSimpleName() + ": " + e.getMessage() + "\n";
        }
        return redaction.apply(facts instanceof String text ? text : JSON.writeValueAsString(facts) + "\n");
    }
}
