package org.commissure.deploy.siteconsole;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** A generated cohort as a pipeline of images leaves it: a NIfTI-1 volume for each patient, and the atlas' labels. */
final class VolumeCohort {
    private static final int HEADER_BYTES = 352;
    private static final short FLOAT32 = 16;
    private static final byte MILLIMETRES_AND_SECONDS = 2 | 8;
    private static final float REPETITION_TIME_SECONDS = 2;
    /** Voxels of each parcel, one beside the other along y. */
    private static final int VOXELS = 2;

    private VolumeCohort() {}

    /** The atlas whose label p + 1 marks the voxels of parcel p. */
    static Path atlas(Path file, int parcels) throws IOException {
        ByteBuffer volume = header(parcels, 1);
        for (int voxel = 0; voxel < VOXELS; voxel++) {
            for (int p = 0; p < parcels; p++) {
                volume.putFloat(p + 1);
            }
        }
        return write(file, volume);
    }

    /** Makes volumes of the generated series of {@code cohort}; its table comes along. */
    static Path of(Path cohort, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(cohort.resolve("participants.tsv"), folder.resolve("participants.tsv"));
        try (Stream<Path> files = Files.walk(cohort)) {
            List<Path> series =
                    files.filter(file -> file.toString().endsWith(".npy")).toList();
            for (Path one : series) {
                Path to = folder.resolve(cohort.relativize(one));
                Files.createDirectories(to.getParent());
                String subject = one.getFileName().toString().replaceFirst("_.*", "");
                write(to.resolveSibling(subject + "_task-rest_bold.nii.gz"), volume(one));
            }
        }
        return folder;
    }

    private static ByteBuffer volume(Path series) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(series)).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = 10 + in.getShort(8); // magic, version, length
        String[] shape = new String(in.array(), 10, headerBytes - 10, StandardCharsets.US_ASCII)
                .replaceFirst("(?s).*'shape': \\((\\d+), (\\d+)\\).*", "$1 $2")
                .split(" ");
        int parcels = Integer.parseInt(shape[0]);
        int frames = Integer.parseInt(shape[1]);
        ByteBuffer volume = header(parcels, frames);
        for (int t = 0; t < frames; t++) {
            for (int voxel = 0; voxel < VOXELS; voxel++) {
                for (int p = 0; p < parcels; p++) {
                    float value = in.getFloat(headerBytes + (p * frames + t) * Float.BYTES);
                    volume.putFloat(value + (voxel == 0 ? 1 : -1)); // whose mean is the series
                }
            }
        }
        return volume;
    }

    /** One slice of parcels × {@value #VOXELS} voxels of 2 mm. */
    private static ByteBuffer header(int parcels, int frames) {
        ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + parcels * VOXELS * frames * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, 348);
        short[] dimensions = {(short) (frames == 1 ? 3 : 4), (short) parcels, VOXELS, 1, (short) frames, 1, 1, 1};
        float[] steps = {1, 2, 2, 2, REPETITION_TIME_SECONDS, 1, 1, 1};
        for (int i = 0; i < dimensions.length; i++) {
            file.putShort(40 + i * Short.BYTES, dimensions[i]);
            file.putFloat(76 + i * Float.BYTES, steps[i]);
        }
        file.putShort(70, FLOAT32).putShort(72, (short) Float.SIZE).putFloat(108, HEADER_BYTES);
        file.put(123, MILLIMETRES_AND_SECONDS).putShort(254, (short) 1);
        for (int axis = 0; axis < 3; axis++) {
            file.putFloat(280 + axis * (4 + 1) * Float.BYTES, 2); // the diagonal of srow_x, srow_y, srow_z
        }
        file.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
        return file.position(HEADER_BYTES);
    }

    private static Path write(Path file, ByteBuffer volume) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(volume.array());
        }
        return file;
    }
}
