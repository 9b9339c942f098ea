package org.commissure.site.cohort;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.commissure.protocol.UserError;

/**
 * Divides a cohort into an internal and an external part, by patient.
 *
 * <p>Each patient draws a number in [0, 1) from HMAC-SHA-256(salt, id) and is external if it lies
 * below the external fraction. So a patient's side depends on nobody else: one who joins or withdraws
 * later moves no other across the line. The price is that the external share is only about the
 * fraction; where chance leaves a side empty, the patient with the lowest (highest) draw fills it. Members of a family draw
 * together.
 */
public final class CohortSplit {
    private CohortSplit() {}

    private record Drawn(Subject subject, double draw, byte[] saltedId) {}

    /**
     * Divides the admitted patients.
     *
     * @param externalFraction strictly between 0 and 1
     * @param secretSalt at least 16 random bytes that stay at the site
     * @throws UserError if there are fewer than two patients to divide
     */
    public static SealedSplit seal(Admission admission, double externalFraction, byte[] secretSalt) {
        if (!(externalFraction > 0 && externalFraction < 1) || secretSalt.length < 16) {
            throw new IllegalArgumentException("needs a fraction within (0, 1) and a salt of at least 16 bytes");
        }
        if (admission.admitted().size() < 2) {
            throw new UserError(
                    "the cohort has " + admission.admitted().size()
                            + " admitted patients; it takes two to hold one out",
                    "run 'cohort check' to see who was rejected and why");
        }
        List<Drawn> drawn = new ArrayList<>();
        for (Subject subject : admission.admitted()) {
            byte[] draw = hmac(secretSalt, "split", subject.family());
            double unit = (ByteBuffer.wrap(draw).getLong() >>> 11) * 0x1p-53;
            drawn.add(new Drawn(subject, unit, hmac(secretSalt, "patient", subject.participantId())));
        }
        drawn.sort(Comparator.comparingDouble(Drawn::draw));
        int external =
                (int) drawn.stream().filter(d -> d.draw() < externalFraction).count();
        external = wholeFamilies(drawn, Math.clamp(external, 1, drawn.size() - 1));
        List<Drawn> outer = drawn.subList(0, external);
        List<Drawn> inner = drawn.subList(external, drawn.size());
        return new SealedSplit(
                subjects(inner),
                subjects(outer),
                commit(secretSalt, "internal", inner),
                commit(secretSalt, "external", outer));
    }

    /** Moves a border that chance made necessary out of the middle of a family, whose members have the same draw. */
    private static int wholeFamilies(List<Drawn> drawn, int border) {
        int up = border;
        while (up < drawn.size()
                && drawn.get(up).draw() == drawn.get(border - 1).draw()) {
            up++;
        }
        if (up < drawn.size()) {
            return up;
        }
        int down = border;
        while (down > 0 && drawn.get(down - 1).draw() == drawn.getLast().draw()) {
            down--;
        }
        if (down == 0) {
            throw new UserError(
                    "all admitted patients are of one family; it takes two families to hold one out",
                    "look at the column family_id in participants.tsv");
        }
        return down;
    }

    /**
     * A name for exactly these patients with exactly these series, which tells nobody anything without the salt. A
     * patient who withdraws later does not change it: it names the data as they are admitted.
     */
    public static byte[] commitment(Admission admission, byte[] secretSalt) {
        List<Drawn> all = admission.admitted().stream()
                .map(subject -> new Drawn(subject, 0, hmac(secretSalt, "patient", subject.participantId())))
                .toList();
        return commit(secretSalt, "data", all);
    }

    /** How the consent register and the ledger name a patient: by a hash under the site's secret salt. */
    public static byte[] consentName(byte[] secretSalt, String participantId) {
        return hmac(secretSalt, "consent", participantId);
    }

    private static List<Subject> subjects(List<Drawn> part) {
        return part.stream()
                .map(Drawn::subject)
                .sorted(Comparator.comparing(Subject::participantId))
                .toList();
    }

    /** HMAC over the sorted "salted id:series digest" lines, so that the order of reading is no matter. */
    private static byte[] commit(byte[] salt, String part, List<Drawn> drawn) {
        StringBuilder lines = new StringBuilder();
        drawn.stream()
                .map(d -> HexFormat.of().formatHex(d.saltedId()) + ":"
                        + d.subject().sealed() + "\n")
                .sorted()
                .forEach(lines::append);
        return hmac(salt, part, lines.toString());
    }

    private static byte[] hmac(byte[] salt, String domain, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salt, "HmacSHA256"));
            return mac.doFinal(("commissure/v1/cohort/" + domain + "\0" + text).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
