package io.densespark.model.collective;

import io.densespark.model.tensor.Vector;

/** The group of a replica that trains alone: every sum is what it was. */
public final class SingleReplica implements ProcessGroup {
    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int worldSize() {
        return 1;
    }

    @Override
    public void sum(Vector vector) {}

    @Override
    public double[] sum(double[] values) {
        return values.clone();
    }

    @Override
    public void close() {}
}
