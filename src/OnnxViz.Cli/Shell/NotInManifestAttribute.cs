namespace OnnxViz.Cli.Shell;

/// <summary>Marks an option that says how to run or where files are, and not what comes out; or that manifests tell elsewhere.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInManifestAttribute : Attribute;
