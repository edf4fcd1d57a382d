package io.densespark.model.replica;

import io.densespark.model.kernels.Kernels;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.plan.ReplicaMemory;
import io.densespark.model.tensor.Vector;
import java.util.List;

/** From the images in the replica's memory to the outputs. */
final class ForwardPass {
    private final Kernels kernels;
    private final List<Vector> convolutions;
    private final Stem stem;
    private final List<DenseBlock> blocks;
    private final List<Transition> transitions;
    private final Head head;

    ForwardPass(
            Kernels kernels,
            ReplicaMemory memory,
            ParameterLayout layout,
            Stem stem,
            List<DenseBlock> blocks,
            List<Transition> transitions,
            Head head) {
        this.kernels = kernels;
        convolutions = layout.convolutions().stream()
                .map(weight -> new Vector(memory.get(BufferRole.PARAMETERS), weight.offset(), weight.elements()))
                .toList();
        this.stem = stem;
        this.blocks = List.copyOf(blocks);
        this.transitions = List.copyOf(transitions);
        this.head = head;
    }

    void run() {
        kernels.takeWeights(convolutions);
        stem.forward();
        for (int block = 0; block < blocks.size(); block++) {
            blocks.get(block).forward();
            if (block < transitions.size()) {
                transitions.get(block).forward();
            }
        }
        head.forward();
    }
}
