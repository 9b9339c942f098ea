package org.commissure.site.connection;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.protocol.v1.SumId;

/** What a site can say to its coordinator. Thread-safe. */
public interface CoordinatorLink {

    /**
     * Sends a frame on the control stream; drops it where there is no stream at the moment. Nothing is
     * lost by that: after every reconnect the coordinator asks again for what it still needs.
     */
    void send(SiteFrame frame);

    /**
     * Uploads a masked vector, going on from the last byte the coordinator has on disk, through as
     * many connections as it takes.
     *
     * @throws TransferRefusedException if the coordinator does not want it any more
     * @throws IOException if the file cannot be read
     */
    void upload(SumId sum, Path file) throws TransferRefusedException, IOException, InterruptedException;

    /**
     * Fetches a model unless it is here already, and checks every byte against its hash.
     *
     * @param sha256 of the flat little-endian float32 parameters
     * @throws TransferRefusedException if the coordinator has no such model or sends another
     * @throws IOException if the disk refuses
     */
    float[] model(ByteString sha256, long parameterCount)
            throws TransferRefusedException, IOException, InterruptedException;

    /**
     * Fetches a released sum in the same way.
     *
     * @param bytes its length, a multiple of four
     * @return its file, which the next sum replaces
     * @throws TransferRefusedException if the coordinator has no such sum or sends another
     * @throws IOException if the disk refuses
     */
    Path sum(ByteString sha256, long bytes) throws TransferRefusedException, IOException, InterruptedException;
}
