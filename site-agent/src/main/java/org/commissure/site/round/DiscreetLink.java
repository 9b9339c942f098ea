package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Progress;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.TransferRefusedException;
import org.commissure.site.policy.ClearField;
import org.commissure.site.policy.PolicyFile;

/**
 * A link that says in clear only what the policy, as it stands on disk, lets leave. For the site's own people it remembers
 * how far local work said it is, also where that does not leave. Thread-safe.
 */
final class DiscreetLink implements CoordinatorLink {
    private final CoordinatorLink link;
    private final Path policy;
    private final LongAdder uploaded = new LongAdder();
    private volatile Optional<AgentState.Working> working = Optional.empty();

    DiscreetLink(CoordinatorLink link, Path policy) {
        this.link = link;
        this.policy = policy;
    }

    /** Bytes of masked vectors that were uploaded since the process started. */
    long uploadedBytes() {
        return uploaded.sum();
    }

    /** The last word of the local work. */
    Optional<AgentState.Working> working() {
        return working;
    }

    @Override
    public void send(SiteFrame frame) {
        if (frame.hasProgress()) {
            Progress said = frame.getProgress();
            working = Optional.of(new AgentState.Working(said.getSum(), said.getActivity(), said.getFraction()));
            if (!mayLeave(ClearField.PROGRESS)) {
                return;
            }
        }
        if (frame.hasStepFailed() && !mayLeave(ClearField.REASON)) {
            SiteFrame.Builder discreet = frame.toBuilder();
            discreet.getStepFailedBuilder().setReason("the site does not say why (rule: leaving.in_clear)");
            link.send(discreet.build());
            return;
        }
        link.send(frame);
    }

    /** A policy that cannot be read lets nothing leave. */
    private boolean mayLeave(ClearField field) {
        try {
            return PolicyFile.read(policy).mayLeave(field);
        } catch (UserError e) {
            return false;
        }
    }

    @Override
    public void upload(SumId sum, Path file) throws TransferRefusedException, IOException, InterruptedException {
        long bytes = Files.size(file);
        link.upload(sum, file);
        uploaded.add(bytes);
    }

    @Override
    public float[] model(ByteString sha256, long parameterCount)
            throws TransferRefusedException, IOException, InterruptedException {
        return link.model(sha256, parameterCount);
    }

    @Override
    public Path sum(ByteString sha256, long bytes) throws TransferRefusedException, IOException, InterruptedException {
        return link.sum(sha256, bytes);
    }
}
