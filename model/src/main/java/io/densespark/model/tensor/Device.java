package io.densespark.model.tensor;

import java.util.Locale;

/**
 * Where a replica computes.
 *
 * @param kind CPU cores or an NVIDIA GPU
 * @param index the GPU's index among those that the process sees; 0 on CPU
 */
public record Device(Kind kind, int index) {
    /** The kinds of devices. */
    public enum Kind {
        CPU,
        CUDA;

        /** As people write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The cores of this machine. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    public Device {
        if (index < 0 || (kind == Kind.CPU && index != 0)) {
            throw new IllegalArgumentException("no such device: " + kind + " " + index);
        }
    }

    /** The GPU of that index. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    @Override
    public String toString() {
        return kind == Kind.CPU ? kind.toString() : kind + ":" + index;
    }
}
