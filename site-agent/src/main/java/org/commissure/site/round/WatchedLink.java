package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.commissure.protocol.v1.Progress;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;
import org.commissure.site.connection.CoordinatorLink;
import org.commissure.site.connection.TransferRefusedException;

/** Remembers how far local work said it is, also where the policy does not let that leave. Thread-safe. */
final class WatchedLink implements CoordinatorLink {
    private final CoordinatorLink link;
    private volatile Optional<AgentState.Working> working = Optional.empty();

    WatchedLink(CoordinatorLink link) {
        this.link = link;
    }

    Optional<AgentState.Working> working() {
        return working;
    }

    @Override
    public void send(SiteFrame frame) {
        if (frame.hasProgress()) {
            Progress said = frame.getProgress();
            working = Optional.of(new AgentState.Working(said.getSum(), said.getActivity(), said.getFraction()));
        }
        link.send(frame);
    }

    @Override
    public void upload(SumId sum, Path file) throws TransferRefusedException, IOException, InterruptedException {
        link.upload(sum, file);
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
