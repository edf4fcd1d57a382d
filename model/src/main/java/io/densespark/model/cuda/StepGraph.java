package io.densespark.model.cuda;

import io.densespark.model.kernels.Program;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;
import org.jspecify.annotations.Nullable;

/**
 * Passes as one CUDA graph. The first run starts them one by one, so that libraries choose their algorithms and scratch
 * grows; the second one records them; from then on a run is a single launch.
 */
final class StepGraph implements Program {
    private final Stream stream;
    private final Runnable passes;
    private boolean hasRun;
    private @Nullable CUgraphExec_st recorded;
    private int movesBefore;

    StepGraph(Stream stream, Runnable passes) {
        this.stream = stream;
        this.passes = passes;
    }

    @Override
    public void run() {
        if (!hasRun) {
            passes.run();
            hasRun = true;
            return;
        }
        if (recorded != null && movesBefore < stream.moves()) {
            // Other passes have made scratch grow; those that may still run of the old graph were waited for then.
            close();
        }
        CUgraphExec_st graph = recorded;
        if (graph == null) {
            graph = record();
            recorded = graph;
            movesBefore = stream.moves();
        }
        Status.cuda(cudart.cudaGraphLaunch(graph, stream.handle()), "starting a recorded step");
    }

    private CUgraphExec_st record() {
        CUgraph_st graph = new CUgraph_st();
        Status.cuda(
                cudart.cudaStreamBeginCapture(stream.handle(), cudart.cudaStreamCaptureModeThreadLocal),
                "recording a step");
        boolean isWhole = false;
        try {
            passes.run();
            isWhole = true;
        } finally {
            int status = cudart.cudaStreamEndCapture(stream.handle(), graph);
            if (isWhole) {
                Status.cuda(status, "recording a step");
            }
        }
        CUgraphExec_st executable = new CUgraphExec_st();
        Status.cuda(cudart.cudaGraphInstantiate(executable, graph, 0), "preparing a recorded step");
        Status.cuda(cudart.cudaGraphDestroy(graph), "closing a recording");
        return executable;
    }

    @Override
    public void close() {
        if (recorded != null) {
            Status.cuda(cudart.cudaGraphExecDestroy(recorded), "closing a recorded step");
            recorded = null;
        }
    }
}
