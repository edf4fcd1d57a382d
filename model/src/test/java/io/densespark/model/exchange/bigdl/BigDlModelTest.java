package io.densespark.model.exchange.bigdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.intel.analytics.bigdl.serialization.Bigdl.AttrValue;
import com.intel.analytics.bigdl.serialization.Bigdl.BigDLModule;
import com.intel.analytics.bigdl.serialization.Bigdl.BigDLTensor;
import io.densespark.model.ModelException;
import io.densespark.model.exchange.ForeignModel;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.RandomModel.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The format by itself; that real BigDL agrees is tested where real BigDL is. */
class BigDlModelTest {
    private static final String SOURCE = "s3a://there/model.bigdl";

    /** Its place in BC_22_12: behind the stem, three blocks and two transitions of four modules. */
    private static final int LAST_NORM = 1 + 3 + 2 * 4;

    /** As above: the first transition's pooling. */
    private static final int FIRST_POOLING = 1 + 1 + 3;

    private static final int GLOBAL_POOLING = LAST_NORM + 2;

    /** In WITH_DROPOUT: first block, first layer, its output behind norm, ReLU, convolution, twice. */
    private static final int[] FIRST_DROPOUT = {1, 0, 1, 6};

    private static byte[] write(RandomModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BigDlModel.write(model.description(), model.state(), out);
        return out.toByteArray();
    }

    private static ForeignModel read(byte[] file) throws IOException {
        return BigDlModel.read(new ByteArrayInputStream(file), SOURCE);
    }

    /** A written model, changed. */
    private static byte[] changed(Kind kind, UnaryOperator<BigDLModule.Builder> change) throws IOException {
        return change.apply(BigDLModule.parseFrom(write(kind.model())).toBuilder())
                .build()
                .toByteArray();
    }

    /** A written model, one of whose modules is changed; {@code path} are indices of sub-modules. */
    private static byte[] changedAt(Kind kind, UnaryOperator<BigDLModule.Builder> change, int... path)
            throws IOException {
        return changed(kind, model -> changeAt(model, change, path, 0));
    }

    private static BigDLModule.Builder changeAt(
            BigDLModule.Builder module, UnaryOperator<BigDLModule.Builder> change, int[] path, int depth) {
        if (depth == path.length) {
            return change.apply(module);
        }
        BigDLModule.Builder part = module.getSubModules(path[depth]).toBuilder();
        return module.setSubModules(path[depth], changeAt(part, change, path, depth + 1));
    }

    private static BigDLModule.Builder withFirstTensor(
            BigDLModule.Builder module, UnaryOperator<BigDLTensor.Builder> change) {
        return module.setParameters(0, change.apply(module.getParameters(0).toBuilder()));
    }

    private static AttrValue bool(boolean value) {
        return AttrValue.newBuilder().setBoolValue(value).build();
    }

    private static void requireRefused(byte[] file, String... reasons) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(SOURCE)
                .hasMessageContainingAll(reasons);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aRoundTripChangesNoBitAndNoWordOfTheDescription(Kind kind) throws IOException {
        RandomModel model = kind.model();

        ForeignModel back = read(write(model));

        assertThat(back.description()).contains(model.description());
        assertThat(back.specification()).isEqualTo(model.description().specification());
        assertThat(RandomModel.bits(back.state())).isEqualTo(RandomModel.bits(model.state()));
    }

    @Test
    void withoutADescriptionTheNetworkIsFoundByItsTensorsAndModules() throws IOException {
        byte[] file = changed(Kind.WITH_DROPOUT, model -> model.removeAttr("densespark.model"));

        ForeignModel back = read(file);

        assertThat(back.description()).isEmpty();
        DenseNetSpec original = Kind.WITH_DROPOUT.model().description().specification();
        assertThat(back.specification().dropout()).isEqualTo(0.2);
        // The compression is rounded away: several give these channels.
        assertThat(ParameterLayout.of(back.specification()).shapes())
                .isEqualTo(ParameterLayout.of(original).shapes());
    }

    @Test
    void theSameModelIsWrittenInTheSameBytes() throws IOException {
        assertThat(write(Kind.BC_22_12.model())).isEqualTo(write(Kind.BC_22_12.model()));
    }

    @Test
    void aMissingTensorIsNamedBeforeAnythingIsWritten() {
        RandomModel model = Kind.BC_22_12.model();
        Map<String, NamedTensor> state = new HashMap<>(model.state());
        state.remove("features.norm5.running_var");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatThrownBy(() -> BigDlModel.write(model.description(), state, out))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("features.norm5.running_var");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.3, 0.7, 0.999})
    void aTruncatedFileIsRefused(double share) throws IOException {
        byte[] file = write(Kind.WITH_DROPOUT.model());

        requireRefused(Arrays.copyOf(file, (int) (file.length * share)), "BigDL");
    }

    @Test
    void otherFilesAreRefused() {
        requireRefused(new byte[0], "is no BigDL model");
        requireRefused("{\"header\": 1}".getBytes(StandardCharsets.UTF_8), "is no BigDL model");
    }

    @Test
    void aModuleThatNoDenseNetHasIsNamedWithItsPath() throws IOException {
        byte[] file = changed(
                Kind.BC_22_12,
                model -> model.setSubModules(
                        1,
                        model.getSubModules(1).toBuilder()
                                .setSubModules(
                                        2,
                                        BigDLModule.newBuilder().setModuleType("com.intel.analytics.bigdl.nn.Tanh"))));

        requireRefused(file, "densenet/2:features.denseblock1/3:Tanh", "com.intel.analytics.bigdl.nn.Tanh");
    }

    @Test
    void aMissingLayerPartIsNamed() throws IOException {
        // The last norm: the head's ReLU then reads the last block's features.
        byte[] file = changed(Kind.BC_22_12, model -> model.removeSubModules(LAST_NORM));

        requireRefused(file, "features.relu5", "expected one");
    }

    @Test
    void aJoinAlongRowsIsRefused() throws IOException {
        byte[] file = changed(Kind.BC_22_12, model -> {
            BigDLModule.Builder block = model.getSubModules(1).toBuilder();
            BigDLModule.Builder layer = block.getSubModules(0).toBuilder()
                    .putAttr(
                            "dimension", AttrValue.newBuilder().setInt32Value(3).build());
            return model.setSubModules(1, block.setSubModules(0, layer));
        });

        requireRefused(file, "features.denseblock1.denselayer1", "dimension 3");
    }

    @Test
    void anotherEpsilonIsRefused() throws IOException {
        byte[] file = changed(
                Kind.BC_22_12,
                model -> model.setSubModules(
                        LAST_NORM,
                        model.getSubModules(LAST_NORM).toBuilder()
                                .putAttr(
                                        "eps",
                                        AttrValue.newBuilder()
                                                .setDoubleValue(1e-3)
                                                .build())));

        requireRefused(file, "features.norm5", "eps 0.001");
    }

    @Test
    void aModelWhoseWeightsAreInAnotherFileIsRefused() throws IOException {
        byte[] file = changed(Kind.BC_22_12, model -> model.removeAttr("global_storage"));

        requireRefused(file, "no values", "in the same file");
    }

    @Test
    void aDescriptionOfAnotherNetworkIsRefused() throws IOException {
        String other = Kind.WITH_DROPOUT.model().description().toJsonLine();
        byte[] file = changed(
                Kind.BC_22_12,
                model -> model.putAttr(
                        "densespark.model",
                        AttrValue.newBuilder().setStringValue(other).build()));

        requireRefused(file, "its description is of another network");
    }

    @Test
    void layersMayNotReadTheirFeaturesInAnotherOrder() throws IOException {
        byte[] file = changed(Kind.BC_22_12, model -> {
            BigDLModule.Builder block = model.getSubModules(1).toBuilder();
            BigDLModule.Builder layer = block.getSubModules(0).toBuilder();
            List<BigDLModule> branches = layer.getSubModulesList();
            layer.clearSubModules().addSubModules(branches.get(1)).addSubModules(branches.get(0));
            return model.setSubModules(1, block.setSubModules(0, layer));
        });

        requireRefused(file, "only DenseNets can be imported");
    }

    @Test
    void aPoolingThatSumsIsRefused() throws IOException {
        UnaryOperator<BigDLModule.Builder> sums = module -> module.putAttr("divide", bool(false));

        requireRefused(changedAt(Kind.BC_22_12, sums, FIRST_POOLING), "features.transition1.pool", "sums its windows");
        requireRefused(changedAt(Kind.BC_22_12, sums, GLOBAL_POOLING), "features.pool5", "sums the features");
    }

    @Test
    void aDropoutThatScalesWhenItInfersIsRefused() throws IOException {
        byte[] file = changedAt(Kind.WITH_DROPOUT, module -> module.putAttr("scale", bool(false)), FIRST_DROPOUT);

        requireRefused(file, "features.denseblock1.denselayer1.dropout", "scales features when it infers");
    }

    /** Files of older releases lack attributes that BigDL has got since. */
    @Test
    void withoutTheseAttributesBigDlsDefaultsHold() throws IOException {
        byte[] dropout = changedAt(Kind.WITH_DROPOUT, module -> module.removeAttr("scale"), FIRST_DROPOUT);
        byte[] pooling = changedAt(Kind.BC_22_12, module -> module.removeAttr("divide"), GLOBAL_POOLING);

        assertThat(read(dropout).specification().dropout()).isEqualTo(0.2);
        assertThat(RandomModel.bits(read(pooling).state()))
                .isEqualTo(RandomModel.bits(Kind.BC_22_12.model().state()));
    }

    @ParameterizedTest
    @ValueSource(ints = {65_536, Integer.MAX_VALUE, 0, -3})
    void aTensorWithMoreElementsThanItsValuesIsDamage(int side) throws IOException {
        byte[] file = changedAt(
                Kind.BC_22_12,
                module -> withFirstTensor(
                        module, tensor -> tensor.setSize(1, side).setSize(2, side)),
                0);

        requireRefused(file, "features.conv0", Integer.toString(side), "save the model again");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, 0, 3})
    void aTensorThatBeginsElsewhereThanItsValuesIsDamage(int offset) throws IOException {
        byte[] file = changedAt(
                Kind.BC_22_12, module -> withFirstTensor(module, tensor -> tensor.setOffset(offset)), LAST_NORM);

        requireRefused(file, "features.norm5", "reaches beyond its values");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7, Integer.MAX_VALUE})
    void aConvolutionWithOtherOutputsThanItsWeightsIsDamage(int outputs) throws IOException {
        AttrValue value = AttrValue.newBuilder().setInt32Value(outputs).build();
        byte[] file = changedAt(Kind.BC_22_12, module -> module.putAttr("nOutputPlane", value), 0);

        requireRefused(file, "features.conv0", "has " + outputs + " outputs", "[24, 1, 3, 3]");
    }

    @Test
    void aModelThatIsTooLargeForTheFormatIsRefusedBeforeItsTensorsAreLookedAt() {
        DenseNetSpec spec = DenseNetSpec.bc(400, 200, 3, 10);
        ModelDescription description = new ModelDescription(
                spec,
                Collections.nCopies(10, "class"),
                List.of(0.0, 0.0, 0.0),
                List.of(1.0, 1.0, 1.0),
                new ImageShape(32, 32));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatThrownBy(() -> BigDlModel.write(description, Map.of(), out))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("a BigDL file can't have more than", "export it as safetensors");
        assertThat(out.size()).isZero();
    }
}
