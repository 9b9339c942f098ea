package org.commissure.site.cohort.reading;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A CIFTI-2 file: a matrix in a NIfTI-2 file whose XML extension says what its two sides are. Not thread-safe. */
final class CiftiMatrix implements AutoCloseable {
    private final NiftiStream in;
    private final List<CiftiMap> maps;

    private CiftiMatrix(NiftiStream in) throws UnreadableSeriesException {
        this.in = in;
        int[] dimensions = in.header().dimensions();
        for (int i = 0; i < 4; i++) {
            if (dimensions[i] != 1) {
                throw UnreadableSeriesException.damaged("its dimensions are not those of CIFTI-2");
            }
        }
        if (dimensions[6] != 1) {
            throw UnreadableSeriesException.unsupported("it holds more than a matrix");
        }
        this.maps = CiftiMap.parse(in.cifti()
                .orElseThrow(() -> UnreadableSeriesException.damaged("it has no CIFTI extension in its header")));
    }

    static CiftiMatrix open(Path file) throws IOException {
        NiftiStream in = NiftiStream.open(file);
        try {
            return new CiftiMatrix(in);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** Takes values with their place along the side of one kind and along the other side. */
    interface Sink {
        void accept(int place, int across, double value);
    }

    /** Which side is of this kind: 0 the fastest. */
    private int side(String kind) throws UnreadableSeriesException {
        for (int side = 0; side < 2; side++) {
            if (maps.get(side).kind().equals(kind)) {
                return side;
            }
        }
        throw UnreadableSeriesException.unsupported("it has no side of " + kind + ", but "
                + maps.get(0).kind() + " and " + maps.get(1).kind());
    }

    CiftiMap map(String kind) throws UnreadableSeriesException {
        return maps.get(side(kind));
    }

    int length(String kind) throws UnreadableSeriesException {
        int stated = in.header().dimensions()[4 + side(kind)];
        return kind.equals(CiftiMap.SERIES) ? NiftiStream.frames(stated) : stated;
    }

    /** Streams the matrix. */
    void forEach(String kind, Sink sink) throws IOException {
        boolean fastest = side(kind) == 0;
        int first = in.header().dimensions()[4];
        in.forEach((index, value) -> {
            int fast = (int) (index % first);
            int slow = (int) (index / first);
            sink.accept(fastest ? fast : slow, fastest ? slow : fast, value);
        });
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
