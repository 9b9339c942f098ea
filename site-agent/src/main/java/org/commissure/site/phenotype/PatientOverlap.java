package org.commissure.site.phenotype;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.study.PhenotypeVectors;
import org.commissure.site.cohort.ScanSeries;

/**
 * A site's part in counting patients who are at more than one site: each patient's series gives, by a hash that is keyed
 * with the run, a bucket and a fingerprint; added are, by bucket, 1, the fingerprint and its square. Two equal
 * fingerprints in a bucket have no variance, two that met by chance have some.
 */
final class PatientOverlap {
    private PatientOverlap() {}

    static void count(PhenotypeTask task, double[] values) {
        int buckets = (values.length - 1) / PhenotypeVectors.TABLES;
        Stream.concat(task.cohort().training().stream(), task.cohort().external().stream())
                .flatMap(patient -> patient.scans().stream())
                .map(ScanSeries::sha256)
                .distinct()
                .forEach(series -> {
                    ByteBuffer hash = SignedMessages.sha256(ByteString.copyFromUtf8(
                                    "commissure/v1/phenotype/overlap\0" + task.runId() + "\0" + series))
                            .asReadOnlyByteBuffer();
                    int bucket = (int) Long.remainderUnsigned(hash.getLong(), buckets);
                    double fingerprint = Integer.remainderUnsigned(hash.getInt(), PhenotypeVectors.FINGERPRINTS);
                    values[bucket]++;
                    values[buckets + bucket] += fingerprint;
                    values[2 * buckets + bucket] += fingerprint * fingerprint;
                });
    }
}
