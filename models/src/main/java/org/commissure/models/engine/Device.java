package org.commissure.models.engine;

/** What a model runs on. */
public enum Device {
    /** This package's own engine. */
    CPU,
    /** libtorch on the first visible NVIDIA GPU. */
    CUDA,
    /** {@link #CUDA} where it works, else {@link #CPU}; the log says which. */
    AUTO
}
