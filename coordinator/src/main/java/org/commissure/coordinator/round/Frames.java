package org.commissure.coordinator.round;

import com.google.protobuf.Message;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.protocol.v1.AggregateResult;
import org.commissure.protocol.v1.CheckChallenge;
import org.commissure.protocol.v1.CheckEvidence;
import org.commissure.protocol.v1.CoordinatorFrame;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.RoundInvitation;
import org.commissure.protocol.v1.RunFinished;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.SumAborted;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;

/**
 * Puts messages into frames of the control stream. What the protocol has signed is signed here: the
 * state machine holds no key. Ed25519 gives the same signature each time, so that a message that is
 * sent again is the same, byte for byte.
 */
final class Frames {
    private final SigningIdentity coordinator;

    Frames(SigningIdentity coordinator) {
        this.coordinator = coordinator;
    }

    CoordinatorFrame of(Message message) {
        CoordinatorFrame.Builder frame = CoordinatorFrame.newBuilder();
        return switch (message) {
            case RoundInvitation m -> frame.setInvitation(coordinator.sign(m)).build();
            case SecureSumConfig m ->
                frame.setSecureSumConfig(coordinator.sign(m)).build();
            case AggregateResult m ->
                frame.setAggregateResult(coordinator.sign(m)).build();
            case Roster m -> frame.setRoster(m).build();
            case ShareDelivery m -> frame.setShareDelivery(m).build();
            case SurvivorProposal m -> frame.setSurvivorProposal(m).build();
            case UnmaskRequest m -> frame.setUnmaskRequest(m).build();
            case CheckChallenge m -> frame.setCheckChallenge(m).build();
            case CheckEvidence m -> frame.setCheckEvidence(m).build();
            case SumAborted m -> frame.setSumAborted(m).build();
            case RunFinished m -> frame.setRunFinished(m).build();
            default ->
                throw new IllegalArgumentException(
                        "no frame for " + message.getDescriptorForType().getName());
        };
    }
}
