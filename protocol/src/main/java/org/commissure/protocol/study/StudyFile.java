package org.commissure.protocol.study;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.commissure.protocol.config.HoursException;
import org.commissure.protocol.config.StrictToml;
import org.commissure.protocol.config.TomlException;

/**
 * A parsed study beside the text it came from. The hash of the text is what sites approve and what
 * the log names, so the text travels byte for byte.
 */
public record StudyFile(String text, Study study) {
    /** Federated pretraining of a network; the kind of a study that names none. */
    public static final String BRAINLM = "brainlm";

    /** Federated fit of a regional mean-field model. */
    public static final String REGIONAL = "regional";

    /** Federated regression or classification of a phenotype, exact, by secure sums. */
    public static final String PHENOTYPE = "phenotype";

    /** Federated fine-tuning of a released network for a column of participants.tsv. */
    public static final String FINETUNE = "finetune";

    /** @throws StudyException if the text is not TOML, has an unknown key or a value out of range */
    public static StudyFile parse(String text) {
        try {
            String kind = StrictToml.text(text, "study", "kind").orElse(BRAINLM);
            return switch (kind) {
                case BRAINLM -> new StudyFile(text, StrictToml.parse(text, Study.class));
                case REGIONAL ->
                    new StudyFile(
                            text, StrictToml.parse(text, RegionalStudy.class).toStudy());
                case PHENOTYPE ->
                    new StudyFile(
                            text, StrictToml.parse(text, PhenotypeStudy.class).toStudy());
                case FINETUNE ->
                    new StudyFile(
                            text, StrictToml.parse(text, FineTuneStudy.class).toStudy());
                default ->
                    throw new StudyException(
                            "study.kind",
                            "is '" + kind + "'; known are "
                                    + String.join(", ", BRAINLM, REGIONAL, PHENOTYPE, FINETUNE));
            };
        } catch (TomlException e) {
            throw new StudyException(e.key(), e.problem());
        } catch (HoursException e) {
            throw new StudyException(e.key(), e.problem() + "; " + e.remedy());
        }
    }

    /** SHA-256 of the UTF-8 text. */
    public byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
