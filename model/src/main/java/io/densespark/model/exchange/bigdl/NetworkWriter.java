package io.densespark.model.exchange.bigdl;

import com.intel.analytics.bigdl.serialization.Bigdl.BigDLModule;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ParameterLayout;
import java.util.ArrayList;
import java.util.List;

/** A DenseNet in BigDL's modules: a Sequential whose dense layers are each a Concat of their input and their output. */
final class NetworkWriter {
    private final DenseNetSpec spec;
    private final ModuleFactory modules;

    NetworkWriter(DenseNetSpec spec, ModuleFactory modules) {
        this.spec = spec;
        this.modules = modules;
    }

    /** The whole network; its modules have PyTorch's names. */
    BigDLModule.Builder network() {
        List<BigDLModule> parts = new ArrayList<>(stem());
        for (int b = 0; b < spec.blocks().size(); b++) {
            List<BigDLModule> layers = new ArrayList<>();
            for (int l = 0; l < spec.blocks().get(b); l++) {
                String name = ParameterLayout.layerName(b, l);
                layers.add(modules.concat(name, List.of(modules.identity(name + ".input"), layer(name))));
            }
            parts.add(
                    modules.sequential("features.denseblock" + (b + 1), layers).build());
            if (b + 1 < spec.blocks().size()) {
                parts.addAll(transition(ParameterLayout.transitionName(b)));
            }
        }
        parts.add(modules.norm("features.norm5"));
        parts.add(modules.relu("features.relu5"));
        parts.add(modules.globalPooling("features.pool5"));
        parts.add(modules.flatten("flatten", spec.outputChannels()));
        parts.add(modules.linear("classifier"));
        parts.add(modules.logSoftMax("logSoftMax"));
        return modules.sequential("densenet", parts);
    }

    private List<BigDLModule> stem() {
        BigDLModule convolution = modules.convolution(
                "features.conv0", spec.stem().stride(), spec.stem().kernel() / 2);
        if (!spec.stem().pools()) {
            return List.of(convolution);
        }
        return List.of(
                convolution,
                modules.norm("features.norm0"),
                modules.relu("features.relu0"),
                modules.maxPooling("features.pool0"));
    }

    private BigDLModule layer(String name) {
        List<BigDLModule> parts = new ArrayList<>();
        parts.add(modules.norm(name + ".norm1"));
        parts.add(modules.relu(name + ".relu1"));
        if (spec.hasBottleneck()) {
            parts.add(modules.convolution(name + ".conv1", 1, 0));
            parts.add(modules.norm(name + ".norm2"));
            parts.add(modules.relu(name + ".relu2"));
            parts.add(modules.convolution(name + ".conv2", 1, 1));
        } else {
            parts.add(modules.convolution(name + ".conv1", 1, 1));
        }
        if (spec.dropout() > 0) {
            parts.add(modules.dropout(name + ".dropout", spec.dropout()));
        }
        return modules.sequential(name + ".output", parts).build();
    }

    private List<BigDLModule> transition(String name) {
        return List.of(
                modules.norm(name + ".norm"),
                modules.relu(name + ".relu"),
                modules.convolution(name + ".conv", 1, 0),
                modules.averagePooling(name + ".pool"));
    }
}
