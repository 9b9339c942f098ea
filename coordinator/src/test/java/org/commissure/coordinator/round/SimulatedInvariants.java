package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.commissure.protocol.v1.Share;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.UnmaskShares;

/**
 * Sees every word of every site at the moment it is said, lost or not, and holds them to what no
 * schedule may break.
 */
final class SimulatedInvariants {
    private final Map<SumId, Map<String, Signed>> said = new HashMap<>();
    private final Map<SumId, Set<Integer>> selfShares = new HashMap<>();
    private final Map<SumId, Set<Integer>> keyShares = new HashMap<>();
    private final Map<SumId, Set<ByteString>> masked = new HashMap<>();
    private final Set<SumId> released = new HashSet<>();

    /** One answer to each step of an attempt, one vote above all; never both shares of a party. */
    void says(SumId sum, int site, Step step, Signed answer) {
        Signed before = said.computeIfAbsent(sum, s -> new HashMap<>()).putIfAbsent(step + " of " + site, answer);
        assertThat(before == null || before.equals(answer))
                .as("site %d says two things as its %s", site, step)
                .isTrue();
        if (step == Step.UNMASK_SHARES) {
            try {
                UnmaskShares shares = UnmaskShares.parseFrom(answer.getPayload());
                Set<Integer> ofSelf = selfShares.computeIfAbsent(sum, s -> new HashSet<>());
                Set<Integer> ofKey = keyShares.computeIfAbsent(sum, s -> new HashSet<>());
                shares.getSelfMaskList().stream().map(Share::getOwner).forEach(ofSelf::add);
                shares.getSiteKeyList().stream().map(Share::getOwner).forEach(ofKey::add);
                assertThat(java.util.Collections.disjoint(ofSelf, ofKey))
                        .as("never the self and the key share of one party")
                        .isTrue();
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A vector leaves masked, and no mask serves twice. */
    void uploads(SumId sum, ByteString upload, int[] plain) {
        java.nio.ByteBuffer bare =
                java.nio.ByteBuffer.allocate(plain.length * Integer.BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bare.asIntBuffer().put(plain);
        assertThat(upload).as("an upload without a mask").isNotEqualTo(ByteString.copyFrom(bare.array()));
        masked.computeIfAbsent(sum, s -> new HashSet<>()).add(upload);
    }

    /** A result is the plain sum of at least as many sites as the configuration demands, told once. */
    void releases(Transcript transcript, int[] sum, int needed) {
        SumId id = transcript.config().getSum();
        released.add(id);
        Set<Integer> survivors = transcript.of(Step.MASKED_HEADER).keySet();
        assertThat(survivors).hasSizeGreaterThanOrEqualTo(needed);
        assertThat(transcript.of(Step.SURVIVOR_VOTE))
                .hasSizeGreaterThanOrEqualTo(transcript.config().getThreshold());
        assertThat(transcript.of(Step.UNMASK_SHARES))
                .hasSizeGreaterThanOrEqualTo(transcript.config().getThreshold());
        int[] plain = new int[sum.length];
        for (int survivor : survivors) {
            int[] vector = SimulatedCrypto.vector(transcript.name(survivor), transcript.config());
            for (int i = 0; i < plain.length; i++) {
                plain[i] += vector[i];
            }
        }
        assertThat(sum).as("the released sum").isEqualTo(plain);
    }

    boolean hasReleased(SumId sum) {
        return released.contains(sum);
    }

    /** Whether any site revealed a share in this attempt. */
    boolean anythingRevealed(SumId sum) {
        return selfShares.containsKey(sum) || keyShares.containsKey(sum);
    }
}
