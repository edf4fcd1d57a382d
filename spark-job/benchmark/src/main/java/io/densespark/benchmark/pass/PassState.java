package io.densespark.benchmark.pass;

import io.densespark.model.tensor.Precision;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What JMH sets, and the operands that a thread makes of it. */
@State(Scope.Thread)
public class PassState {
    @Param
    public PassShape shape;

    @Param({"FP32", "BF16"})
    public Precision precision;

    PassOperands operands;

    @Setup(Level.Trial)
    public void allocate() {
        operands = new PassOperands(shape, precision);
    }

    @TearDown(Level.Trial)
    public void free() {
        operands.close();
    }
}
