package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.SumAborted;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;

/** What one site has on its disk, and whether its process runs. The protocol itself is the real one. */
final class SimulatedSite {
    final int number;
    final String name;
    /** Rises with each start; what belongs to an earlier life is void. */
    int life = 1;

    boolean up = true;
    private final Map<SumId, ByteString> durable = new HashMap<>();
    private final Map<SumId, SecureSumConfig> configs = new HashMap<>();
    private final Set<SumId> ended = new HashSet<>();

    SimulatedSite(int number) {
        this.number = number;
        this.name = SimulatedCrypto.name(number);
    }

    /** The sum that a request is about; empty where it asks for no step of a secure sum. */
    static Optional<SumId> sumOf(Message request) {
        return switch (request) {
            case SecureSumConfig m -> Optional.of(m.getSum());
            case Roster m -> Optional.of(m.getSum());
            case ShareDelivery m -> Optional.of(m.getSum());
            case SurvivorProposal m -> Optional.of(m.getSum());
            case UnmaskRequest m -> Optional.of(m.getSum());
            default -> Optional.empty();
        };
    }

    static Step stepOf(Message request) {
        return switch (request) {
            case SecureSumConfig m -> Step.ADVERTISE_KEYS;
            case Roster m -> Step.SHARE_KEYS;
            case ShareDelivery m -> Step.MASKED_HEADER;
            case SurvivorProposal m -> Step.SURVIVOR_VOTE;
            case UnmaskRequest m -> Step.UNMASK_SHARES;
            default -> throw new IllegalArgumentException("no step");
        };
    }

    /** Forgets an attempt that is over. */
    void hears(Message message) {
        SumId over = switch (message) {
            case SumAborted m -> m.getSum();
            case AggregateResult m -> m.getSum();
            case RoundInvitation m -> SumId.getDefaultInstance();
            default -> SumId.getDefaultInstance();
        };
        if (!over.equals(SumId.getDefaultInstance())) {
            ended.add(over);
            durable.remove(over);
        }
    }

    boolean knows(SumId sum) {
        return durable.containsKey(sum);
    }

    boolean isOver(SumId sum) {
        return ended.contains(sum);
    }

    Optional<ByteString> saved(SumId sum) {
        return Optional.ofNullable(durable.get(sum));
    }

    /** The write that comes before the words. */
    void save(SumId sum, SecureSumConfig config, ByteString state) {
        durable.put(sum, state);
        configs.put(sum, config);
    }

    SecureSumConfig config(SumId sum) {
        return java.util.Objects.requireNonNull(configs.get(sum));
    }
}
