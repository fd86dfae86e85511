using OnnxViz.Models;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class ModelsSnapshotTests
{
    [Fact]
    public void Table() => Snapshot.Verify(CliRun.Text("models").Replace(ModelCatalog.Open().Folder, "{models}", StringComparison.Ordinal));
}
