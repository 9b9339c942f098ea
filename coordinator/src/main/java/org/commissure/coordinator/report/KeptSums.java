package org.commissure.coordinator.report;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.SumStore;
import org.commissure.coordinator.round.RunFolders;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.privacy.secagg.ExactSums;

/** The opened evaluation sums beside a report; each is believed only if it has the hash that the log holds. */
record KeptSums(SumStore store) {

    /** A kept sum is missing, or not the one that the log names. The message says which and why. */
    static final class DamagedSumException extends Exception {
        private static final long serialVersionUID = 1;

        DamagedSumException(String message) {
            super(message);
        }
    }

    static KeptSums in(Path runFolder) {
        return new KeptSums(RunFolders.evaluations(runFolder));
    }

    /** The statistics that {@code sum} adds up to. */
    double[] read(RunReport.EvaluationSum sum) throws DamagedSumException {
        String name = "evaluations/" + sum.sha256() + ".sum";
        byte[] bytes;
        try {
            ByteString sha256 = ByteString.copyFrom(HexFormat.of().parseHex(sum.sha256()));
            Optional<ModelStore.StoredModel> file = store.open(sha256);
            if (file.isEmpty()) {
                throw new DamagedSumException(name + " is missing");
            }
            bytes = Files.readAllBytes(file.get().file());
            if (!SignedMessages.sha256(ByteString.copyFrom(bytes)).equals(sha256)) {
                throw new DamagedSumException(name + " does not have the SHA-256 that the log holds");
            }
        } catch (IOException e) {
            throw new DamagedSumException(name + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw new DamagedSumException("'" + sum.sha256() + "' is no SHA-256 of a sum");
        }
        int[] limbs = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(limbs);
        try {
            return ExactSums.decode(limbs, sum.sites().size());
        } catch (ArithmeticException e) {
            throw new DamagedSumException(name + " is no sum of " + sum.sites().size() + " sites: " + e.getMessage());
        }
    }
}
