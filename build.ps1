# build.ps1 [OPTIONS...]                restore, build, test, and a folder that runs: artifacts/onnxviz
# build.ps1 models [OPTIONS...]         VGG16, GoogLeNet and AlexNet, fetched, checked and prepared in artifacts/models; what is there already is taken as it is
# build.ps1 pack [OPTIONS...]           artifacts/packages: the library, and the program as `dotnet tool install` takes it
# build.ps1 publish [RID... OPTIONS...] artifacts/publish/RID: one file that needs no .NET, for each system (linux-x64 linux-arm64 osx-arm64 win-x64)
# build.ps1 container [cpu|cuda]        the image onnxviz or onnxviz-cuda, by podman, docker or buildah
# build.ps1 release [OPTIONS...]        artifacts/release: pack, publish, an archive for each system, the list of parts, checksums
# build.ps1 accept [WORD]               received snapshots, all or those whose path has the word, become the verified ones; look at them first
# OPTIONS go to every step of dotnet, such as /p:OrtGpu=true.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$systems = @('linux-x64', 'linux-arm64', 'osx-arm64', 'win-x64')

# Runs a program; the script ends with its exit code where that is not 0. What it prints is no result of the function.
function Invoke-Step([string]$program, [string[]]$arguments) {
    & $program $arguments | Out-Host
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Remove-Folder([string]$folder) {
    if (Test-Path $folder) { Remove-Item -Recurse -Force $folder }
}

function Invoke-Build([string[]]$options) {
    Invoke-Step dotnet (@('restore') + $options)
    Invoke-Step dotnet (@('build', '-c', 'Release', '--no-restore') + $options)
    Invoke-Step dotnet (@('test', '-c', 'Release', '--no-build') + $options)
    Invoke-Step dotnet (@('publish', 'src/OnnxViz.Cli', '-c', 'Release', '--no-build', '-o', 'artifacts/onnxviz') + $options)
    Write-Output 'dotnet artifacts/onnxviz/onnxviz.dll demo'
}

function Invoke-Models([string[]]$options) {
    Invoke-Step dotnet (@('build', 'src/OnnxViz.Cli', '-c', 'Release') + $options)
    $program = 'src/OnnxViz.Cli/bin/Release/net10.0/onnxviz.dll'
    & dotnet $program pull vgg16 googlenet alexnet
    if ($LASTEXITCODE -ne 0) {
        [Console]::Error.WriteLine('build.ps1: the classics are not all here. Without a network, bring the files as the line above says, or export them: tools/export/README.md.')
        exit 1
    }
    Invoke-Step dotnet @($program, 'prepare', 'vgg16', '-o', 'artifacts/models/vgg16', '--layers', 'conv3_3,conv4_3,conv5_3,scores', '--rules', 'default,guided')
    Invoke-Step dotnet @($program, 'prepare', 'googlenet', '-o', 'artifacts/models/googlenet', '--layers', 'scores', '--rules', 'default,guided')
    Invoke-Step dotnet @($program, 'prepare', 'alexnet', '-o', 'artifacts/models/alexnet', '--layers', 'conv3,conv5,scores', '--rules', 'default,guided')
}

function Invoke-Pack([string[]]$options) {
    Remove-Folder 'artifacts/packages'
    Invoke-Step dotnet (@('pack', 'src/OnnxViz', '-c', 'Release', '-o', 'artifacts/packages') + $options)
    Invoke-Step dotnet (@('pack', 'src/OnnxViz.Cli', '-c', 'Release', '-p:Tool=true', '-p:OrtGpu=false', '-o', 'artifacts/packages') + $options)
}

function Invoke-Publish([string[]]$words) {
    $chosen = @($words | Where-Object { $_ -notmatch '^[-/]' })
    $options = @($words | Where-Object { $_ -match '^[-/]' })
    if ($chosen.Count -eq 0) { $chosen = $systems }
    foreach ($system in $chosen) {
        Remove-Folder "artifacts/publish/$system"
        Invoke-Step dotnet (@('publish', 'src/OnnxViz.Cli', '-c', 'Release', '-r', $system, '-p:PublishProfile=single-file', '-p:OrtGpu=false', '-o', "artifacts/publish/$system") + $options)
        Copy-Item LICENSE, THIRD-PARTY.md "artifacts/publish/$system"
    }
}

function Invoke-Container([string]$kind) {
    switch ($kind) {
        { $_ -in '', 'cpu' } { $name = 'onnxviz'; $file = 'deploy/Containerfile' }
        'cuda' { $name = 'onnxviz-cuda'; $file = 'deploy/Containerfile.cuda' }
        default { [Console]::Error.WriteLine("build.ps1: There is a container for cpu and for cuda, not for '$kind'."); exit 2 }
    }
    foreach ($engine in 'podman', 'docker', 'buildah') {
        if (-not (Get-Command $engine -ErrorAction SilentlyContinue)) { continue }
        & $engine info *> $null
        if ($LASTEXITCODE -ne 0) { continue }
        Invoke-Step $engine @('build', '-t', $name, '-f', $file, '.')
        return
    }
    [Console]::Error.WriteLine('build.ps1: No container engine runs here: podman, docker or buildah is needed.')
    exit 1
}

function Invoke-Release([string[]]$options) {
    Invoke-Pack $options
    Invoke-Publish $options
    Remove-Folder 'artifacts/release'
    New-Item -ItemType Directory -Force 'artifacts/release' > $null
    Copy-Item 'artifacts/packages/*.nupkg' 'artifacts/release'
    $version = (Select-Xml -Path Directory.Build.props -XPath '//Version').Node.InnerText
    $python = if (Get-Command python3 -ErrorAction SilentlyContinue) { 'python3' } else { 'python' }
    foreach ($system in $systems) {
        Invoke-Step $python @('tools/archive.py', "artifacts/publish/$system", "artifacts/release/onnxviz-$version-$system")
    }
    Invoke-Step $python @('tools/third_party.py', '--sbom', "artifacts/release/onnxviz-$version.cdx.json")
    $sums = Get-ChildItem 'artifacts/release' -File | Sort-Object Name | ForEach-Object { "$((Get-FileHash $_ -Algorithm SHA256).Hash.ToLowerInvariant())  $($_.Name)`n" }
    [IO.File]::WriteAllText("$PSScriptRoot/artifacts/release/SHA256SUMS", -join $sums)
}

function Invoke-Accept([string]$word) {
    $accepted = 0
    foreach ($received in Get-ChildItem Snapshots -Recurse -File -Filter '*.received.*' | Sort-Object FullName) {
        $path = [IO.Path]::GetRelativePath($PSScriptRoot, $received.FullName).Replace('\', '/')
        if (-not $path.Contains($word)) { continue }
        Move-Item -Force -LiteralPath $received.FullName -Destination (Join-Path $received.DirectoryName $received.Name.Replace('.received.', '.verified.'))
        $difference = Join-Path $received.DirectoryName ($received.Name.Substring(0, $received.Name.LastIndexOf('.received.')) + '.difference.png')
        if (Test-Path -LiteralPath $difference) { Remove-Item -LiteralPath $difference }
        Write-Output "accepted $($path.Replace('.received.', '.verified.'))"
        $accepted++
    }
    Write-Output "$accepted accepted"
}

$rest = [string[]]@($args | Select-Object -Skip 1)
switch -Regex ($(if ($args.Count -gt 0) { $args[0] } else { '' })) {
    '^models$' { Invoke-Models $rest }
    '^pack$' { Invoke-Pack $rest }
    '^publish$' { Invoke-Publish $rest }
    '^container$' { Invoke-Container ($rest | Select-Object -First 1) }
    '^release$' { Invoke-Release $rest }
    '^accept$' { Invoke-Accept ($rest | Select-Object -First 1) }
    '^([-/].*)?$' { Invoke-Build $args }
    default {
        Get-Content $PSCommandPath -TotalCount 8 | ForEach-Object { [Console]::Error.WriteLine($_.Substring(2)) }
        exit 2
    }
}
