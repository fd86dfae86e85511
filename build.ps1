# Restore, build, test, and a folder that runs: artifacts/onnxviz. Arguments go to every step, such as /p:OrtGpu=true.
# build.ps1 models: VGG16, GoogLeNet and AlexNet, fetched, checked and prepared in artifacts/models; what is there already is taken as it is.
# build.ps1 accept [WORD]: received snapshots, all or those whose path has the word, become the verified ones. Look at them first.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot

if ($args.Count -gt 0 -and $args[0] -eq 'models') {
    $rest = @($args | Select-Object -Skip 1)
    & dotnet build src/OnnxViz.Cli -c Release $rest
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    $program = 'src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll'
    & dotnet $program pull vgg16 googlenet alexnet
    if ($LASTEXITCODE -ne 0) {
        [Console]::Error.WriteLine('build.ps1: the classics are not all here. Without a network, bring the files as the line above says, or export them: tools/export/README.md.')
        exit 1
    }
    $layers = [ordered]@{ vgg16 = 'conv3_3,conv4_3,conv5_3,scores'; googlenet = 'scores'; alexnet = 'conv3,conv5,scores' }
    foreach ($name in $layers.Keys) {
        & dotnet $program prepare $name -o "artifacts/models/$name" --layers $layers[$name] --rules 'default,guided'
        if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    }
    exit
}

if ($args.Count -gt 0 -and $args[0] -eq 'accept') {
    $word = if ($args.Count -gt 1) { [string]$args[1] } else { '' }
    $accepted = 0
    foreach ($received in Get-ChildItem Snapshots -Recurse -File -Filter '*.received.*' | Sort-Object FullName) {
        $path = [IO.Path]::GetRelativePath($PSScriptRoot, $received.FullName).Replace('\', '/')
        if (-not $path.Contains($word)) { continue }
        $verified = $received.Name.Replace('.received.', '.verified.')
        Move-Item -Force -LiteralPath $received.FullName -Destination (Join-Path $received.DirectoryName $verified)
        $difference = Join-Path $received.DirectoryName ($received.Name.Substring(0, $received.Name.IndexOf('.received.')) + '.difference.png')
        if (Test-Path -LiteralPath $difference) { Remove-Item -LiteralPath $difference }
        Write-Output "accepted $($path.Replace('.received.', '.verified.'))"
        $accepted++
    }
    Write-Output "$accepted accepted"
    exit
}

$steps = @(
    @('restore'),
    @('build', '-c', 'Release', '--no-restore'),
    @('test', '-c', 'Release', '--no-build'),
    @('publish', 'src/OnnxViz.Cli', '-c', 'Release', '--no-build', '-o', 'artifacts/onnxviz')
)
foreach ($step in $steps) {
    & dotnet $step $args
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}
Write-Output 'dotnet artifacts/onnxviz/onnxviz.dll demo'
