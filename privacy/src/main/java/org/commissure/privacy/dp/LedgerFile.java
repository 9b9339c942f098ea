package org.commissure.privacy.dp;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.commissure.protocol.UserError;

/**
 * The ledger's bytes: one JSON object a line, {@code {"sequence":…,"previous":…,"charge":{…},"sha256":…}}.
 * {@code sha256} is the hash of the line's bytes before the comma in front of it; {@code previous} is
 * that of the line above, zeros in the first. So no bit of a finished line can change unnoticed.
 */
final class LedgerFile {
    /** The hash that the first line refers to. */
    private static final String NO_LINE = "0".repeat(64);

    private static final String SEAL = ",\"sha256\":\"";
    private static final int SEAL_BYTES = SEAL.length() + 64 + 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private LedgerFile() {}

    /**
     * @param completeBytes length of the finished lines at the start of the file, including a last
     *     one that lacks nothing but its line end
     * @param endsLine whether the finished lines end with a line end
     */
    record Parsed(LedgerContents contents, int completeBytes, boolean endsLine) {
        int lines() {
            return contents.charges().size()
                    + contents.repairs().size()
                    + contents.consents().size();
        }
    }

    /** @throws UserError if a line was altered or the file cannot be read */
    static Parsed parse(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            bytes = new byte[0];
        } catch (IOException e) {
            throw new UserError(
                    "the privacy ledger " + file + " cannot be read: " + e.getMessage(),
                    "make the file readable for the account that runs the site agent",
                    e);
        }
        List<Charge> charges = new ArrayList<>();
        List<LedgerContents.Repair> repairs = new ArrayList<>();
        List<ConsentChange> consents = new ArrayList<>();
        String head = NO_LINE;
        int start = 0;
        boolean endsLine = true;
        for (int line = 1; start < bytes.length; line++) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            endsLine = end < bytes.length;
            byte[] text = Arrays.copyOfRange(bytes, start, end);
            if (!endsLine && sealEnd(text) < 0) {
                break; // a crash cut the last append short: nothing that depends on it was done
            }
            JsonNode entry = open(file, line, text, head);
            try {
                if (entry.has("charge")) {
                    charges.add(charge(entry.required("charge")));
                } else if (entry.has("consent")) {
                    consents.add(consent(entry.required("consent")));
                } else {
                    JsonNode repair = entry.required("repair");
                    repairs.add(new LedgerContents.Repair(
                            Instant.parse(repair.required("when").asText()),
                            repair.required("bytes").intValue()));
                }
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new UserError(
                        "line " + line + " of the privacy ledger " + file + " is intact but not understood: "
                                + e.getMessage(),
                        "the ledger was written by another version of Commissure; run that version or a newer one",
                        e);
            }
            head = entry.required("sha256").asText();
            start = endsLine ? end + 1 : end;
        }
        int torn = bytes.length - start;
        return new Parsed(new LedgerContents(charges, repairs, consents, head, torn), start, torn > 0 || endsLine);
    }

    /** Checks the seal and the chain of one finished line. */
    private static JsonNode open(Path file, int line, byte[] text, String previous) {
        int sealEnd = sealEnd(text);
        if (sealEnd != text.length) {
            throw altered(file, line, "it does not end with its hash");
        }
        byte[] body = Arrays.copyOf(text, text.length - SEAL_BYTES);
        String claimed = new String(text, text.length - 66, 64, StandardCharsets.ISO_8859_1);
        if (!claimed.equals(sha256(body))) {
            throw altered(file, line, "its hash does not fit its content");
        }
        JsonNode entry;
        try {
            entry = JSON.readTree(text);
        } catch (IOException e) {
            throw altered(file, line, "it is not JSON");
        }
        if (entry.path("sequence").asInt() != line
                || !entry.path("previous").asText().equals(previous)) {
            throw altered(file, line, "it does not follow the line above; lines were removed or reordered");
        }
        return entry;
    }

    private static UserError altered(Path file, int line, String symptom) {
        return new UserError(
                "line " + line + " of the privacy ledger " + file + " was altered: " + symptom,
                "restore the ledger from a backup; until then this site cannot know what its patients' privacy has"
                        + " cost, and takes part in no training");
    }

    /** Where the first complete seal of {@code text} ends, or -1. The seal's key occurs nowhere else unescaped. */
    private static int sealEnd(byte[] text) {
        String characters = new String(text, StandardCharsets.ISO_8859_1);
        int seal = characters.indexOf(SEAL);
        return seal < 0 || seal + SEAL_BYTES > text.length ? -1 : seal + SEAL_BYTES;
    }

    /** What parsing would give after {@code line}, the line of {@code charge}, was appended. */
    static Parsed appended(Parsed before, Charge charge, byte[] line) {
        List<Charge> charges = new ArrayList<>(before.contents().charges());
        charges.add(charge);
        return appended(before, charges, before.contents().consents(), line);
    }

    /** The same for the line of {@code change}. */
    static Parsed appended(Parsed before, ConsentChange change, byte[] line) {
        List<ConsentChange> consents = new ArrayList<>(before.contents().consents());
        consents.add(change);
        return appended(before, before.contents().charges(), consents, line);
    }

    private static Parsed appended(Parsed before, List<Charge> charges, List<ConsentChange> consents, byte[] line) {
        String head = new String(line, line.length - 67, 64, StandardCharsets.ISO_8859_1);
        return new Parsed(
                new LedgerContents(charges, before.contents().repairs(), consents, head, 0),
                before.completeBytes() + line.length,
                true);
    }

    static byte[] consentLine(Parsed before, ConsentChange change) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        fields.put("number", change.number());
        fields.put("patient", change.patient());
        fields.put("withdrawn", change.withdrawn());
        fields.put("when", change.when().toString());
        return line(before, "consent", fields);
    }

    static byte[] chargeLine(Parsed before, Charge charge) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        fields.put("run_id", charge.runId());
        fields.put("round", charge.round());
        fields.put("attempt", charge.attempt());
        fields.put("mechanism", charge.mechanism());
        fields.put("clip_norm", charge.clipNorm());
        fields.put("noise_multiplier", charge.noiseMultiplier());
        fields.put("sampling_rate", charge.samplingRate());
        fields.put("steps", charge.steps());
        fields.put("delta", charge.delta());
        fields.put("when", charge.when().toString());
        charge.share().ifPresent(share -> {
            ObjectNode spread = fields.putObject("share");
            spread.put("site_sigma", share.siteSigma());
            spread.put("sites", share.sites());
            spread.put("dimension", share.dimension());
            share.countMultiplier().ifPresent(count -> spread.put("count_noise_multiplier", count));
        });
        return line(before, "charge", fields);
    }

    static byte[] repairLine(Parsed before, LedgerContents.Repair repair) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        fields.put("when", repair.when().toString());
        fields.put("bytes", repair.bytes());
        return line(before, "repair", fields);
    }

    private static byte[] line(Parsed before, String kind, ObjectNode fields) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("sequence", before.lines() + 1);
        entry.put("previous", before.contents().head());
        entry.set(kind, fields);
        String body;
        try {
            body = JSON.writeValueAsString(entry);
        } catch (JacksonException e) {
            throw new UncheckedIOException(e);
        }
        body = body.substring(0, body.length() - 1);
        return (body + SEAL + sha256(body.getBytes(StandardCharsets.UTF_8)) + "\"}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ConsentChange consent(JsonNode fields) {
        return new ConsentChange(
                fields.required("number").longValue(),
                fields.required("patient").asText(),
                fields.required("withdrawn").booleanValue(),
                Instant.parse(fields.required("when").asText()));
    }

    private static Charge charge(JsonNode fields) {
        return new Charge(
                fields.required("run_id").asText(),
                fields.required("round").intValue(),
                fields.required("attempt").intValue(),
                fields.required("mechanism").asText(),
                fields.required("clip_norm").doubleValue(),
                fields.required("noise_multiplier").doubleValue(),
                fields.required("sampling_rate").doubleValue(),
                fields.required("steps").longValue(),
                fields.required("delta").doubleValue(),
                Instant.parse(fields.required("when").asText()),
                fields.has("share") ? Optional.of(share(fields.get("share"))) : Optional.empty());
    }

    private static NoiseShare share(JsonNode spread) {
        return new NoiseShare(
                spread.required("site_sigma").doubleValue(),
                spread.required("sites").intValue(),
                spread.required("dimension").longValue(),
                spread.has("count_noise_multiplier")
                        ? OptionalDouble.of(spread.get("count_noise_multiplier").doubleValue())
                        : OptionalDouble.empty());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java runtime has SHA-256
        }
    }
}
